// SPDX-License-Identifier: Apache-2.0
//
// What the server must answer to a request that is whole: the plain judgement
// that the stand-in's is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_LOGIN_H_
#define OVOC_FUZZ_ORACLE_NAIVE_LOGIN_H_

#include <string>

#include "conformance/ovoc_server/answer_head.h"
#include "conformance/ovoc_server/server_style.h"
#include "fuzz/oracle/naive_request.h"

namespace ovoc::fuzz {

struct NaiveLogin {
  conformance::AnswerCode code = conformance::AnswerCode::kBadRequest;
  std::string accept;        // with 101: the value of Sec-WebSocket-Accept
  bool subprotocol = false;  // with 101: whether the answer names it
  bool keeps = false;        // whether another request may follow a refusal
};

// JudgeNaiveLogin takes a head that is kDone, for a server at /tun whose user
// is VPN with the password 123456 (RFC 6455 4.2, RFC 7617 2; protocol.md 2 for
// tun-ws, alone and behind nginx). Whether an address is free is left out.
NaiveLogin JudgeNaiveLogin(const NaiveRequest& request,
                           conformance::ServerStyle style);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_LOGIN_H_

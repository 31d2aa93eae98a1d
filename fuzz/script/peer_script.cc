// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/peer_script.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "conformance/ovoc_server/address_pool.h"
#include "conformance/ovoc_server/hub.h"
#include "conformance/ovoc_server/peer.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/script/head_choices.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

using conformance::AddressPool;
using conformance::Hub;
using conformance::Peer;
using conformance::ServerStyle;

constexpr absl::Time kStart = absl::FromUnixSeconds(1000);
// Two answers and a packet fill it.
constexpr size_t kQueueBytes = 8192;
constexpr int kRepetitions = 16;

Hub MakeHub(PeerOutcome* outcome) {
  AddressPool::Options pool;
  pool.prefix_length = 30;
  pool.broadcast = conformance::BroadcastUse::kGivenOut;
  absl::StatusOr<Hub> hub =
      Hub::Create(pool, [outcome](absl::Span<const uint8_t> packet) {
        outcome->to_ovoc.emplace_back(packet.begin(), packet.end());
      });
  FUZZ_EXPECT(hub.ok());
  return *std::move(hub);
}

std::vector<std::string> TakeWrites(Peer* peer) {
  std::vector<std::string> writes;
  while (!peer->NextWrite().empty()) {
    const absl::Span<const uint8_t> next = peer->NextWrite();
    writes.emplace_back(next.begin(), next.end());
    peer->Wrote(next.size());
  }
  return writes;
}

void LogIn(Peer* peer, absl::Time wall) {
  peer->OnBytes(Octets(NaiveLoginText()), kStart, wall);
  TakeWrites(peer);
  FUZZ_EXPECT(peer->open());
}

void Finish(Peer* peer, PeerScene::Finish finish) {
  switch (finish) {
    case PeerScene::Finish::kNothing:
      return;
    case PeerScene::Finish::kStop:
      peer->Stop();
      return;
    case PeerScene::Finish::kSilence:
      peer->OnTime(kStart + absl::Seconds(61));
      return;
  }
}

}  // namespace

PeerChoices ReadPeerChoices(absl::Span<const uint8_t> input) {
  constexpr ServerStyle kStyles[] = {ServerStyle::kStrict,
                                     ServerStyle::kLegacyDirect,
                                     ServerStyle::kLegacyNginx};
  constexpr PeerScene::Finish kFinishes[] = {
      PeerScene::Finish::kNothing, PeerScene::Finish::kStop,
      PeerScene::Finish::kSilence, PeerScene::Finish::kNothing};
  PeerChoices choices;
  choices.cut = TakeLast(&input);
  const uint8_t octet = TakeLast(&input);
  const int rest = octet / 3;
  choices.scene.style = kStyles[octet % 3];
  choices.scene.pool =
      (rest & 1) == 0 ? PeerScene::Pool::kOneLeft : PeerScene::Pool::kFull;
  choices.scene.finish = kFinishes[rest / 8 % 4];
  choices.scene.wall = absl::FromUnixSeconds(1795358621);
  choices.scene.queue_bytes = kQueueBytes;
  if ((rest & 2) != 0) {
    const absl::Span<const uint8_t> login = Octets(NaiveLoginText());
    choices.stream.assign(login.begin(), login.end());
  }
  const int times = (rest & 4) != 0 ? kRepetitions : 1;
  for (int i = 0; i < times; ++i) {
    choices.stream.insert(choices.stream.end(), input.begin(), input.end());
  }
  return choices;
}

PeerOutcome PlayPeer(absl::Span<const uint8_t> stream, uint8_t cut,
                     const PeerScene& scene) {
  PeerOutcome outcome;
  Peer::Options options;
  options.rules.style = scene.style;
  options.max_output_bytes = scene.queue_bytes;
  Hub hub = MakeHub(&outcome);
  hub.set_now(kStart);
  Peer neighbour(&options, &hub, nullptr, kStart);
  LogIn(&neighbour, scene.wall);
  Peer second(&options, &hub, nullptr, kStart);
  if (scene.pool == PeerScene::Pool::kFull) {
    LogIn(&second, scene.wall);
  }
  Peer client(&options, &hub, [&outcome] { ++outcome.wakes; }, kStart);
  Pieces pieces(stream, cut);
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    client.OnBytes(piece, kStart, scene.wall);
  }
  Finish(&client, scene.finish);
  outcome.to_client = TakeWrites(&client);
  outcome.to_neighbour = TakeWrites(&neighbour);
  if (client.ended()) {
    outcome.end = client.end();
  }
  outcome.close_code = static_cast<int>(client.close_code());
  outcome.patience = client.NextTime() - kStart;
  outcome.admitted = hub.peer_count();
  outcome.packets = hub.counters();
  return outcome;
}

}  // namespace ovoc::fuzz

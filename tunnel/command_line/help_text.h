// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_COMMAND_LINE_HELP_TEXT_H_
#define OVOC_TUNNEL_COMMAND_LINE_HELP_TEXT_H_

namespace ovoc::tunnel {

// The text of --help up to the table of settings.
extern const char kCommandLineHelp[];

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_HELP_TEXT_H_

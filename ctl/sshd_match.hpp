// sshd's Match blocks: for each a connection that enters it, so that sshd itself can be asked what
// it makes of it (sshd -T -C).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ctl/host.hpp"

namespace usher::ctl {

struct MatchBlock {
  std::string file;  // without the host's root
  unsigned number = 0;
  std::string text;        // the line
  std::string connection;  // for sshd -C; empty: none was found that enters it
};
// In the order sshd reads them, includes too.
Result<std::vector<MatchBlock>> match_blocks(const Host& host);

}  // namespace usher::ctl

// What is wrong with a host's PAM stacks where Usher is concerned. Each question is put to the
// stacks themselves (pam_search.hpp), not to the words in them.
#pragma once

#include "ctl/findings.hpp"
#include "ctl/host.hpp"
#include "ctl/pam_config.hpp"

namespace usher::ctl {

// Every service there is a file for. The same finding in several services is one, and names them.
Findings pam_findings(const Host& host, const PamFiles& files);

}  // namespace usher::ctl

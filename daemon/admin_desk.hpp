// What the admin socket learns of the server, and what the server logs of it.
#pragma once

#include "daemon/admin/context.hpp"
#include "daemon/admin/refusal_budget.hpp"
#include "daemon/admission.hpp"
#include "daemon/config_in_force.hpp"
#include "daemon/directory/publication.hpp"
#include "daemon/server.hpp"

namespace usher::daemon {

class AdminDesk final : public admin::StatusSource,
                        public admin::WaysOut,
                        public admin::CallLog,
                        public admin::DirectoryChanges,
                        public admin::Configuration {
 public:
  AdminDesk(ServerCounters& counters, const Admission& admission, ConfigInForce& in_force,
            crypto::KeySource key_source, ports::Instant started_at,
            directory::Publication& publication, post::Post& post, ports::Clock& clock)
      : counters_(counters),
        admission_(admission),
        in_force_(in_force),
        key_source_(key_source),
        started_at_(started_at),
        publication_(publication),
        post_(post),
        clock_(clock) {}

  admin::ServerStatus status() override;
  void try_at_once(store::Service service) override { post_.try_at_once(service); }
  // Counted; kept of role holders only, and so many a day: others could fill the journal, and the
  // disk, with calls they may not make.
  bool not_permitted(std::string_view method, const admin::Caller& caller) override;
  void failed(std::string_view method, const Error& error) override;
  bool publish(directory::Wait wait) override;
  Result<std::vector<Difference>> reload(const ConfigInForce::Agree& agree) override;

 private:
  ServerCounters& counters_;
  const Admission& admission_;
  ConfigInForce& in_force_;
  crypto::KeySource key_source_;
  ports::Instant started_at_;
  directory::Publication& publication_;
  post::Post& post_;
  ports::Clock& clock_;
  admin::RefusalBudget refusals_;
};

}  // namespace usher::daemon

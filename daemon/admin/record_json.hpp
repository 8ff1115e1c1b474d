// An audit record as the interface file describes it.
#pragma once

#include "daemon/store/audit.hpp"
#include "protocol/varlink_json.hpp"

namespace usher::admin {

protocol::varlink::Json audit_json(const store::AuditRecord& record);

}  // namespace usher::admin

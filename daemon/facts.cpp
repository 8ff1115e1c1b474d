// Copies the begin frame into owned text, keeping only what this peer may claim.
#include "daemon/facts.hpp"

namespace usher::daemon {

bool is_trusted(Uid peer, Uid own) {
  return peer == kRootUid || (peer == own && peer != kOverflowUid);
}

Facts gather_facts(const protocol::Begin& begin, Uid peer, Uid own) {
  Facts facts;
  facts.operation = begin.operation;
  facts.flags = begin.flags;
  facts.peer = peer;
  facts.user = begin.user;
  facts.trusted = is_trusted(peer, own);
  facts.caller = facts.trusted ? Uid{begin.caller_uid} : peer;
  if (!facts.trusted) return facts;
  facts.audit_session = begin.audit_session;
  facts.service = begin.service;
  facts.tty = begin.tty;
  facts.rhost = begin.rhost;
  facts.ruser = begin.ruser;
  facts.auth_info = begin.auth_info;
  return facts;
}

}  // namespace usher::daemon

// The verbs on local groups. A group is never one of the system's: its gid would open its files.
#include "daemon/store/groups.hpp"

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/directory/local_files.hpp"
#include "daemon/directory/reserved_names.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::GroupRecord;

Json group_json(const GroupRecord& group) {
  Json json = Json::object();
  json["name"] = group.name.view();
  json["gid"] = group.gid.number;
  json["created_at"] = milliseconds(group.created_at);
  return json;
}

// None, or why the machine's own files stand against the group.
Result<std::optional<ReplyError>> taken_locally(const Request& request,
                                                const store::GroupName& name,
                                                std::optional<Gid> gid) {
  const auto files = TRY(directory::LocalFiles::read(request.context.etc));
  if (files.has_group(name.view()) || files.has_account(name.view())) {
    return std::optional(group_exists("this machine's own files have this name"));
  }
  if (gid && store::may_be_given(gid->number) && files.has(*gid)) {
    return std::optional(group_exists("this machine's own group file has this gid"));
  }
  return std::optional<ReplyError>();
}

// Runs `change` on the group and the person that the call names.
template <typename Change>
Result<Reply> change_membership(const Request& request, const Change& change) {
  const std::string group_name = request.parameters.text("group");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const auto group = TRY(store::find_group(database, group_name));
    if (!group) return Reply(no_such_group(group_name));
    const store::PersonRecord person = TRY(person_named(database, request));
    TRY(change(database, *group, person));
    TRY(record_change(database, request, person.name.view(), group_name));
    return Reply(ReplyOk{});
  });
}

}  // namespace

Result<Reply> add_group(const Request& request) {
  const store::GroupName name = TRY(request.parameters.user_name("group"));
  std::optional<Gid> gid;
  if (const auto number = request.parameters.number("gid")) {
    gid = Gid{static_cast<std::uint32_t>(*number)};
  }
  if (directory::is_reserved_name(name)) {
    return Reply(invalid_parameter("group", "this name belongs to the system"));
  }
  if (auto taken = TRY(taken_locally(request, name, gid))) return Reply(std::move(*taken));
  const std::string uuid = crypto::random_id(request.context.entropy);
  auto added = request.context.store.write([&](Database& database) -> Result<Reply> {
    const GroupRecord group = TRY(store::add_group(database, name, gid, uuid, request.now));
    TRY(record_change(database, request, "", name.view()));
    ReplyOk reply;
    reply.parameters["group"] = group_json(group);
    return Reply(std::move(reply));
  });
  if (added) return added;
  if (added.error().code() == Errc::already_exists) {
    return Reply(group_exists(added.error().text()));
  }
  // The name was parsed before: what the store refuses is the gid's range.
  if (added.error().code() == Errc::invalid_input && gid) {
    return Reply(invalid_parameter("gid", added.error().text()));
  }
  return added;
}

Result<Reply> remove_group(const Request& request) {
  const std::string name = request.parameters.text("group");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const auto group = TRY(store::find_group(database, name));
    if (!group) return Reply(no_such_group(name));
    TRY(store::delete_group(database, group->id));
    TRY(record_change(database, request, "", name));
    return Reply(ReplyOk{});
  });
}

Result<Reply> list_groups(const Request& request) {
  const std::int64_t limit = request.parameters.number("limit").value_or(kDefaultPage);
  const std::string after = request.parameters.text("after");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    Page page(limit);
    bool more = false;
    for (const GroupRecord& group : TRY(store::list_groups(database, after, limit + 1))) {
      more = !TRY(page.add(group_json(group)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["groups"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> show_group(const Request& request) {
  const std::string name = request.parameters.text("group");
  const std::string after = request.parameters.text("after");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const auto group = TRY(store::find_group(database, name));
    if (!group) return Reply(no_such_group(name));
    Page page(kMaxPage);
    bool more = false;
    for (const std::string& member :
         TRY(store::list_members(database, group->id, after, kMaxPage + 1))) {
      more = !TRY(page.add(Json(member)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["group"] = group_json(*group);
    reply.parameters["members"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> add_member(const Request& request) {
  return change_membership(request,
                           [](Database& database, const GroupRecord& group,
                              const store::PersonRecord& person) -> Result<void> {
                             if (TRY(store::add_member(database, group.id, person.id))) return {};
                             return Error(Errc::conflict, "the person is a member already");
                           });
}

Result<Reply> remove_member(const Request& request) {
  return change_membership(request,
                           [](Database& database, const GroupRecord& group,
                              const store::PersonRecord& person) -> Result<void> {
                             if (TRY(store::delete_member(database, group.id, person.id)))
                               return {};
                             return Error(Errc::conflict, "the person is no member");
                           });
}

}  // namespace usher::admin

// The verbs on organisations and who belongs to them. They publish nothing: an organisation is no
// group of the machine's.
#include "daemon/store/organisations.hpp"

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::OrganisationRecord;

store::OrganisationTexts texts_of(const Parameters& parameters) {
  return {.display_name = parameters.optional_text("display_name"),
          .support = parameters.optional_text("support")};
}

// Runs `work` on the organisation that the call names, in one transaction.
template <typename Work>
Result<Reply> change(const Request& request, const Work& work) {
  const std::string name = request.parameters.text("organisation");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const auto organisation = TRY(store::find_organisation(database, name));
    if (!organisation) return Reply(no_such_organisation(name));
    return work(database, *organisation);
  });
}

Result<Reply> change_membership(const Request& request,
                                Result<bool> (*work)(Database&, store::OrganisationId,
                                                     store::PersonId),
                                std::string_view otherwise) {
  return change(request,
                [&](Database& database, const OrganisationRecord& organisation) -> Result<Reply> {
                  const store::PersonRecord person = TRY(person_named(database, request));
                  if (!TRY(work(database, organisation.id, person.id))) {
                    return Error(Errc::conflict, std::string(otherwise));
                  }
                  TRY(record_change(database, request, person.name.view(), organisation.name));
                  return Reply(ReplyOk{});
                });
}

}  // namespace

Result<Reply> add_organisation(const Request& request) {
  const std::string name = request.parameters.text("organisation");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    if (TRY(store::find_organisation(database, name))) {
      return Error(Errc::conflict, "there is an organisation of this name");
    }
    const OrganisationRecord added =
        TRY(store::add_organisation(database, name, texts_of(request.parameters), request.now));
    TRY(record_change(database, request, "", name));
    ReplyOk reply;
    reply.parameters["organisation"] = organisation_json(added);
    return Reply(std::move(reply));
  });
}

Result<Reply> set_organisation(const Request& request) {
  return change(
      request, [&](Database& database, const OrganisationRecord& organisation) -> Result<Reply> {
        TRY(store::change_organisation(database, organisation.id, texts_of(request.parameters)));
        TRY(record_change(database, request, "", organisation.name));
        return Reply(ReplyOk{});
      });
}

Result<Reply> remove_organisation(const Request& request) {
  return change(request,
                [&](Database& database, const OrganisationRecord& organisation) -> Result<Reply> {
                  TRY(store::delete_organisation(database, organisation.id));
                  TRY(record_change(database, request, "", organisation.name));
                  return Reply(ReplyOk{});
                });
}

Result<Reply> list_organisations(const Request& request) {
  const std::int64_t limit = request.parameters.number("limit").value_or(kDefaultPage);
  const std::string after = request.parameters.text("after");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    Page page(limit);
    bool more = false;
    for (const auto& row : TRY(store::list_organisations(database, after, limit + 1))) {
      more = !TRY(page.add(organisation_json(row)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["organisations"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> show_organisation(const Request& request) {
  const std::string name = request.parameters.text("organisation");
  const std::string after = request.parameters.text("after");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const auto organisation = TRY(store::find_organisation(database, name));
    if (!organisation) return Reply(no_such_organisation(name));
    Page page(kMaxPage);
    bool more = false;
    for (const std::string& member :
         TRY(store::list_people_of(database, organisation->id, after, kMaxPage + 1))) {
      more = !TRY(page.add(Json(member)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["organisation"] = organisation_json(*organisation);
    reply.parameters["people"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> join_organisation(const Request& request) {
  return change_membership(request, store::join_organisation, "the person belongs to it already");
}

Result<Reply> leave_organisation(const Request& request) {
  return change_membership(request, store::leave_organisation, "the person does not belong to it");
}

}  // namespace usher::admin

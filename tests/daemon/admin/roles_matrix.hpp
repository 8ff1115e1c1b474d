// Who may call what on admin.sock: the one written table, a line a method and a letter a kind of
// caller.
#pragma once

#include "tests/daemon/admin/admin_world.hpp"

namespace usher::admin {

// Every call is about ada, who holds no role and whose manager is mia.
struct Column {
  const char* who;
  Uid uid;
};
inline constexpr Column kColumns[] = {
    {"root", kRootUid},
    {"usherd's own", kDaemon.uid},
    {"admin", Uid{3001}},
    {"a local account that is admin", Uid{1501}},
    {"helpdesk", Uid{3002}},
    {"ada's manager", Uid{3003}},
    {"another's manager", Uid{3004}},
    {"auditor", Uid{3005}},
    {"ada herself", Uid{3000}},
    {"another person", Uid{3006}},
    {"a suspended admin", Uid{3007}},
    {"a local account", Uid{1500}},
    {"nobody's uid", Uid{4000}},
    {"the overflow uid", kOverflowUid},
};

struct Line {
  const char* cells;  // a letter a column: y or n
  const char* method;
};
// R root, D usherd, A admin, L a local admin; H helpdesk, M ada's manager, O another's, U auditor;
// S ada herself, P another person; X suspended, l local account, N nobody, F the overflow uid
inline constexpr Line kMatrix[] = {
    // RDAL HMOU SP XlNF
    {"yyyy nnnn nn nnnn", "io.usher.Admin.AddUser"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ListUsers"},
    {"yyyy yyny yn nnnn", "io.usher.Admin.ShowUser"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.SetUser"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.SuspendUser"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.ResumeUser"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.ResetUser"},
    {"yyyy ynnn nn nnnn", "io.usher.Admin.InviteUser"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.DisableUser"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.EnableUser"},
    {"yyyy ynnn nn nnnn", "io.usher.Admin.ConvertUser"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.SetPassword"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.SuspendFactors"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.ResumeFactors"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.DeleteUser"},
    {"yynn nnnn nn nnnn", "io.usher.Admin.AdoptUser"},
    {"yynn nnnn nn nnnn", "io.usher.Admin.HandBackUser"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.AddGroup"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.RemoveGroup"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ListGroups"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ShowGroup"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.AddMember"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.RemoveMember"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.AddOrganisation"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.SetOrganisation"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.RemoveOrganisation"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ListOrganisations"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ShowOrganisation"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.JoinOrganisation"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.LeaveOrganisation"},
    {"yyyy yyny yn nnnn", "io.usher.Admin.ListFactors"},
    {"yyyy ynnn nn nnnn", "io.usher.Admin.RemoveFactor"},
    {"yyyy ynnn nn nnnn", "io.usher.Admin.RenameFactor"},
    {"yyyy yyny yn nnnn", "io.usher.Admin.ListContacts"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.AddContact"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.RemoveContact"},
    {"yyyy yynn nn nnnn", "io.usher.Admin.LiftThrottle"},
    {"nnyn yyyy yy nnnn", "io.usher.Admin.ShowSelf"},
    {"nnyn yyyy yy nnnn", "io.usher.Admin.ListOwnSignIns"},
    {"nnyn yyyy yy nnnn", "io.usher.Admin.SetOwnLanguage"},
    {"nnyn yyyy yy nnnn", "io.usher.Admin.SetOwnGreeting"},
    {"nnyn yyyy yy nnnn", "io.usher.Admin.AskOwnReset"},
    {"nnyn yyyy yy nnnn", "io.usher.Admin.RenameOwnFactor"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ReportActions"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ReportContacts"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.GetStatus"},
    {"yyyy yyny nn nnnn", "io.usher.Admin.ListAudit"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.Explain"},
    {"yyyy yyny nn nnnn", "io.usher.Admin.ExplainRefusal"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.VerifyAudit"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.SendTestMail"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.SendTestSms"},
    {"yyyy yyny nn nnnn", "io.usher.Admin.ListMessages"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ShowMessage"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.RetryMessage"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.StartCampaign"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.StopCampaign"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ListCampaigns"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.ShowCampaign"},
    {"yyyy nnnn nn nnnn", "io.usher.Admin.ReloadConfiguration"},
    {"yyyy yyny yn nnnn", "io.usher.Admin.ShowPolicy"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.LintPolicies"},
    {"yyyy ynny nn nnnn", "io.usher.Admin.SimulatePolicy"},
    {"yyyy yyyy yy yyyn", "org.varlink.service.GetInfo"},
    {"yyyy yyyy yy yyyn", "org.varlink.service.GetInterfaceDescription"},
};

}  // namespace usher::admin

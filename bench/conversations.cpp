// Two thousand people who stand at a prompt and say nothing: what each costs in memory, and what a
// new sign-in feels of them. Memory and the whole sign-in with real hashes; the time above the hash
// with cheap ones, their own time taken off.
#include <fmt/format.h>

#include <cstdlib>
#include <deque>

#include "bench/benchmark.hpp"
#include "bench/people.hpp"
#include "bench/sample.hpp"
#include "bench/sign_in.hpp"
#include "protocol/login_client.hpp"

namespace usher::bench {
namespace {

constexpr std::uint64_t kDescriptors = 5'000;
constexpr double kMostKib = 28;
constexpr double kMostSlowdown = 2;
constexpr std::int64_t kKernelStackKib = 16;

// The end of the wire that sshd would be, of a name nobody has: same walk, same cost.
Result<protocol::LoginClient> stand_at_prompt(const Room& room) {
  const std::string path = room.login_socket();
  protocol::LoginClient client = TRY(protocol::LoginClient::connect({path, Uid{::geteuid()}}));
  protocol::Begin begin;
  begin.user = "stranger";
  begin.service = "sshd";
  begin.tty = "ssh";
  begin.rhost = "192.0.2.7";
  const protocol::Reply reply = TRY(client.begin_login(begin));
  if (!reply.step) return Error(Errc::exhausted, "no prompt: the conversation was turned away");
  return client;
}

using Crowd = std::deque<protocol::LoginClient>;

Result<Crowd> open_conversations(const Room& room, int count) {
  Crowd crowd;
  for (int i = 0; i < count; ++i) crowd.push_back(TRY(stand_at_prompt(room)));
  return crowd;
}

// Without a cgroup: resident pages, page tables, and for each thread the kernel's stack.
Result<std::int64_t> memory_kib(const Daemon& daemon) {
  if (const auto charged = TRY(daemon.cgroup_kib())) return *charged;
  return TRY(daemon.status("VmRSS")) + TRY(daemon.status("VmPTE")) +
         TRY(daemon.status("Threads")) * kKernelStackKib;
}

Result<Sample> sign_ins(const Room& room, int count) {
  Sample sample;
  for (int i = 0; i < count; ++i) sample.add(TRY(time_password_sign_in(room, "ada")));
  return sample;
}

Figure slowdown(std::string name, double crowded, double quiet) {
  const double ratio = crowded / quiet;
  return {std::move(name),
          "ms",
          crowded,
          "the same, nobody else",
          quiet,
          ratio,
          fmt::format("p99 < {} x quiet", kMostSlowdown),
          ratio < kMostSlowdown};
}

struct Plan {
  Program program;
  crypto::HashCost cost;
  int conversations;
  int sign_ins;
};

struct Measured {
  Sample quiet;
  Sample crowded;
  double kib_each = 0;
  std::int64_t threads = 0;
};

Result<Measured> measure(const Plan& plan) {
  const Room room = TRY(Room::make());
  TRY(add_person(room, "ada", plan.cost));
  const Daemon daemon = TRY(Daemon::start(room, plan.program, "[mfa]\nrequired = false\n"));
  Measured measured;
  measured.quiet = TRY(sign_ins(room, plan.sign_ins));
  const std::int64_t before = TRY(memory_kib(daemon));
  const std::int64_t threads_before = TRY(daemon.status("Threads"));
  const Crowd crowd = TRY(open_conversations(room, plan.conversations));
  const std::int64_t after = TRY(memory_kib(daemon));
  measured.threads = TRY(daemon.status("Threads")) - threads_before;
  measured.kib_each = static_cast<double>(after - before) / plan.conversations;
  measured.crowded = TRY(sign_ins(room, plan.sign_ins));
  return measured;
}

Figure memory_figure(double kib_each) {
  Figure figure;
  figure.name = "conversations-memory";
  figure.unit = "KiB each";
  figure.ours = kib_each;
  figure.target = fmt::format("<= {} KiB", kMostKib);
  figure.met = kib_each <= kMostKib;
  return figure;
}

}  // namespace

Result<Report> measure_conversations(const Setting& setting) {
  const bool brief = setting.effort == Effort::brief;
  TRY(allow_descriptors(kDescriptors));
  const int crowd = brief ? 20 : 2'000;
  const Measured real = TRY(measure({Program::shipped, {}, crowd, brief ? 2 : 120}));
  const Measured cheap =
      TRY(measure({Program::cheap_hashes, kCheapHash, crowd, brief ? 2 : 1'000}));
  const double hash = TRY(time_of_hash(kCheapHash, brief ? 2 : 500));

  Report report;
  report.figures.push_back(memory_figure(real.kib_each));
  report.figures.push_back(
      slowdown("conversations-p99", real.crowded.quantile(0.99), real.quiet.quantile(0.99)));
  report.figures.push_back(slowdown("conversations-p99-above", cheap.crowded.quantile(0.99) - hash,
                                    cheap.quiet.quantile(0.99) - hash));
  report.notes.push_back(fmt::format(
      "conversations: {} open on {} threads; p50 above the hash {:.2f} ms, quiet {:.2f} ms", crowd,
      real.threads, cheap.crowded.median() - hash, cheap.quiet.median() - hash));
  report.notes.emplace_back(
      Daemon::has_cgroup() ? "conversations: memory as the cgroup charges it"
                           : "conversations: no cgroup given ($USHER_BENCH_CGROUP), so memory is "
                             "VmRSS + VmPTE + 16 KiB of kernel stack a thread; sockets and other "
                             "kernel objects are not in it");
  return report;
}

}  // namespace usher::bench

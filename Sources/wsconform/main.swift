import WSProtocol
import WSRunner
import WSJudge
import WSScenario
import WSCatalogue
import WSTransport
import WSTranscript
import WSLink
import NIOPosix
import NIOCore
import Synchronization

let args = CommandLine.arguments
let url = try TargetURL(args[1])
let jobs = Int(args[2])!
let effort: Effort = args[3] == "full" ? .full : .quick
let pattern = args.count > 4 ? args[4] : ""
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
let dialer = TCPDialer(host: url.host, port: url.port, connectTimeout: .seconds(5), group: group)
var scenarios = Catalogue.all.filter { $0.targets.contains(.server) && (pattern.isEmpty || $0.id.hasPrefix(pattern) || $0.autobahn?.number == pattern) }
if pattern == "autobahn" { scenarios = Catalogue.all.filter { $0.autobahn != nil } }
let plan = RunPlan(scenarios: scenarios, control: Catalogue.Controls.echo, controlWithoutEcho: Catalogue.Controls.ping,
  settings: ConversationSettings(target: url, effort: effort), jobs: jobs)
let counts = Mutex<[String: Int]>([:])
let lines = Mutex<[String]>([])
let ab = Mutex<[String]>([])
let start = ContinuousClock.now
let run = TestRun(plan: plan, dialer: dialer, makeSidecar: { _ in nil }, wallClock: { 0 }) { event in
  switch event {
  case .finished(let r), .replaced(let r):
    guard let t = r.transcript else { counts.withLock { $0["\(r.status)", default: 0] += 1 }; return }
    let j = Judge.judge(r.scenario, t)
    _ = TranscriptText.encode(t)
    counts.withLock { $0[j.verdict.rawValue, default: 0] += 1 }
    if let a = j.autobahn { ab.withLock { $0.append("\(a.number)\t\(a.behavior)\t\(a.behaviorClose)\t\(j.durationNanoseconds/1000)") } }
    if j.verdict == .fail || j.verdict == .inconclusive || !pattern.isEmpty && pattern != "autobahn" {
      lines.withLock { $0.append("\(j.verdict) \(r.scenario.id) [\(r.scenario.autobahn?.number ?? "-")] \(j.behaviour)/\(j.closing) \(j.autobahn.map { $0.behavior + "/" + $0.behaviorClose } ?? "-") \(j.reason)\n    " + j.wire.joined(separator: "\n    ")) }
    }
  default: print(event)
  }
}
let ending = await run.run()
let took = ContinuousClock.now - start
for l in lines.withLock({ $0 }).sorted() { print(l) }
if pattern == "autobahn" { for l in ab.withLock({ $0 }).sorted() { print("AB\t" + l) } }
print(counts.withLock { $0 }, ending, took)

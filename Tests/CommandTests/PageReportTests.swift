import Foundation
import Testing
import WSJudge
import WSLink
import WSModelPeer
import WSReport
import WSRunFolder
import WSTransport

@Suite("What the page keeps of a run, and runs again", .serialized, .timeLimit(.minutes(15)))
struct PageReportTests {
    /// The program while it listens, and the requests of its page.
    private struct Page {
        let running: Program.Running
        let port: Int

        init(_ folder: String, _ words: [String]) throws {
            running = try Program.start(["client", "--listen", "127.0.0.1:0", "--out", folder, "--quiet"] + words)
            let line = running.line()
            port = try #require(line.split(separator: ":").last.flatMap { Int($0) }, "\(line)")
        }

        private var dialer: any Dialer {
            Sockets.dialer(to: .tcp(host: "127.0.0.1", port: port), connectTimeout: .seconds(10))
        }

        /// Plays a case with the model client, and waits until it is judged.
        func play(_ number: Int, defects: Set<ModelDefect> = []) async throws {
            let target = "/runCase?case=\(number)&agent=%3Cb%3E%22x"
            var settings = ModelClientSettings(host: "127.0.0.1:\(port)", target: target)
            settings.defects = defects
            let client = ModelClient(settings)
            _ = await dialer.run(client, probe: { _ in client })
            _ = try await ask("GET /api/result?case=\(number)&agent=%3Cb%3E%22x")
        }

        /// Sends a request of the page; the head and the content of the answer.
        func ask(_ line: String) async throws -> (head: String, content: Data) {
            let done = await dialer.run(PlainRequest(line, port: port), probe: { _ in PlainRequest(line, port: port) })
            let end = try #require(done.received.firstRange(of: Data("\r\n\r\n".utf8)))
            let head = String(decoding: done.received[..<end.lowerBound], as: UTF8.self)
            return (head, done.received[end.upperBound...])
        }

        /// The causes as the page gets them.
        func causes() async throws -> Causes {
            try JSONDecoder().decode(Causes.self, from: try await ask("GET /api/causes?agent=%3Cb%3E%22x").content)
        }

        /// Finishes for the client, as the page does once it has tried all cases.
        func finish() async throws {
            struct Plan: Decodable { var token: String }
            let plan = try JSONDecoder().decode(Plan.self, from: try await ask("GET /api/plan").content)
            let answer = try await ask("POST /api/finish?agent=%3Cb%3E%22x&unopened=&token=\(plan.token)")
            #expect(answer.head.hasPrefix("HTTP/1.1 200"))
        }
    }

    /// What the page reads of the causes.
    private struct Causes: Decodable {
        struct Cause: Decodable {
            var name: String
            var verdict: String
            var cases: [String]
            var example: String
            var mend: String?
            var why: String
        }

        var judged: Int
        var isOver: Bool
        var causes: [Cause]
        var again: [String]
        var revised: [String: [String: String]]
    }

    /// A plain request, which keeps what comes until the other side ends the connection.
    private struct PlainRequest: LinkMachine {
        var request: [UInt8]
        private(set) var received = Data()

        init(_ line: String, port: Int) {
            request = Array("\(line) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
        }

        mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
            actions.append(.write(request))
        }

        mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
            for index in bytes.indices { received.append(bytes[index]) }
        }

        mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
    }

    private static let cases = ["--cases", "ping/empty", "--cases", "ping/text-body", "--cases", "closing/after-echo"]

    @Test("Causes come while the run goes on, and a case that is run again has its result replaced everywhere")
    func again() async throws {
        try await Program.withFolder { folder in
            let page = try Page(folder, ["--cases", "ping/empty", "--cases", "ping/text-body"])
            let before = try await page.ask("GET /api/causes?agent=%3Cb%3E%22x")
            #expect(before.head.hasPrefix("HTTP/1.1 404"))
            for number in 1...2 { try await page.play(number, defects: [.neverPongs]) }
            let told = try await page.causes()
            #expect(told.judged == 2 && !told.isOver)
            let first = try #require(told.causes.first)
            #expect(first.verdict == "fail" && Set(first.cases) == ["ping/empty", "ping/text-body"])
            #expect(first.mend?.isEmpty == false && !first.why.isEmpty)
            #expect(told.again.first == "wsconform client --cases ")
            #expect(told.again.last?.hasPrefix(" --listen 127.0.0.1:0 --out ") == true)
            try await page.finish()
            let report = try RunFolder(path: folder).readReport()
            let names = try await page.causes().causes.map(\.name)
            #expect(report.causes.map(\.id) == names)
            #expect(report.summary.fail == 2)

            try await page.play(1)
            try await page.finish()
            let after = try await page.causes()
            #expect(after.causes.first?.cases == ["ping/text-body"] && after.isOver)
            #expect(try RunFolder(path: folder).readReport().cases.map(\.verdict) == [.pass, .fail])
            page.running.interrupt()
            #expect(await page.running.result().status == 1)
            let last = try RunFolder(path: folder).readReport()
            #expect(last.footer.complete && last.cases.map(\.verdict) == [.pass, .fail])
        }
    }

    @Test("What is saved before the run is over has what was judged and says so; afterwards it is the whole report")
    func saved() async throws {
        try await Program.withFolder { folder in
            let page = try Page(folder, Self.cases)
            try await page.play(1)
            let json = try await page.ask("GET /api/report.json?agent=%3Cb%3E%22x")
            #expect(json.head.contains("filename=\"report.json\""))
            let partial = try ReportText.decode(Array(json.content), file: "report.json")
            #expect(partial.cases.count == 1 && !partial.footer.complete)
            #expect(partial.leftOut.allSatisfy { $0.why != "driver" })
            #expect(partial.footer.reason == "this was saved when 1 of 3 cases had been judged")
            let html = try await page.ask("GET /api/report.html?agent=%3Cb%3E%22x")
            let text = String(decoding: html.content, as: UTF8.self)
            #expect(html.head.contains("filename=\"_b__x.html\"") && text.hasPrefix("<!doctype html>"))
            #expect(text.contains("&lt;b&gt;&quot;x"))
            #expect(text.contains("1 of 3 cases had been judged"))

            try await page.play(2)
            try await page.play(3)
            try await page.finish()
            let whole = try await page.ask("GET /api/report.json?agent=%3Cb%3E%22x")
            let report = try ReportText.decode(Array(whole.content), file: "report.json")
            let written = try RunFolder(path: folder).readReport()
            #expect(report.footer.complete && report.cases == written.cases)
            page.running.interrupt()
            #expect(await page.running.result().status == 0)
        }
    }

    @Test("The page's copy of a run knows its baseline")
    func baseline() async throws {
        try await Program.withFolder { folder in
            let known = FileSystem.join(folder, "known.json")
            let entry = #"{"pattern": "ping/empty", "reason": "known for long"}"#
            let text = #"{"schema": "wsconform-baseline/1", "expected": [\#(entry)]}"#
            try FileSystem.replace(known, with: Array(text.utf8))
            let out = FileSystem.join(folder, "run")
            let page = try Page(out, ["--cases", "ping/empty", "--baseline", known])
            try await page.play(1, defects: [.neverPongs])
            try await page.finish()
            let told = try await page.ask("GET /api/causes?agent=%3Cb%3E%22x")
            #expect(String(decoding: told.content, as: UTF8.self).contains(#""isExpected":true"#))
            let json = try await page.ask("GET /api/report.json?agent=%3Cb%3E%22x")
            #expect(try ReportText.decode(Array(json.content), file: "report.json").baseline?.holds == true)
            page.running.interrupt()
            #expect(await page.running.result().status == 0)
        }
    }
}

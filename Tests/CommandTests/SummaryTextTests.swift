import ArgumentParser
import TestSupport
import Testing
import WSCommand
import WSConform
import WSJudge
import WSRender
import WSReport
import WSScenario

@Suite("A report on a terminal")
struct SummaryTextTests {
    private func text(
        _ report: Report,
        hasColour: Bool = false,
        isStrict: Bool = false,
        isEmbedded: Bool = false
    ) -> SummaryText {
        var report = report
        report.options.strict = isStrict
        report.options.embedded = isEmbedded ? true : nil
        return SummaryText(
            report,
            style: TextStyle(hasColour: hasColour),
            reportPath: "./wsconform-report/report.json",
            out: "./wsconform-report"
        )
    }

    @Test("A run with findings is as it was looked at")
    func findings() {
        #expect(Golden.difference(text(Samples.findings).everything, from: "summary.txt") == nil)
    }

    @Test("Colour changes nothing but colour")
    func colour() {
        let coloured = text(Samples.findings, hasColour: true).everything
        #expect(Golden.difference(coloured, from: "summary-colour.txt") == nil)
        #expect(coloured.replacing(/\u{1B}\[[0-9]*m/, with: "") == text(Samples.findings).everything)
    }

    @Test("What was found in passing is told once, before the cases")
    func passing() {
        #expect(Golden.difference(text(Samples.passing).everything, from: "summary-passing.txt") == nil)
        var report = Samples.passing
        report.options.profile = .autobahn
        let cases = report.cases
        report = Report(
            tool: report.tool,
            roleUnderTest: report.roleUnderTest,
            peer: report.peer,
            options: report.options,
            run: report.run,
            cases: cases,
            footer: report.footer
        )
        let told = text(report).everything
        #expect(told.contains("found in passing, not counted with --profile autobahn: 2; see the report"))
        #expect(!text(report).lastLine.contains("passing"))
    }

    @Test("The last line says what made the exit status and what was not tried")
    func lastLine() {
        let tolerated = Samples.report([Samples.entry("ping/c", .tolerated), Samples.entry("ping/d", .pass)])
        #expect(!text(tolerated).lastLine.contains("exit"))
        #expect(text(tolerated, isStrict: true).lastLine.contains("; exit 1 for 1 tolerated (--strict); report"))
        let unclear = Samples.report([Samples.entry("ping/c", .inconclusive), Samples.entry("ping/d", .pass)])
        #expect(text(unclear).lastLine.contains("; exit 2 for 1 inconclusive; report"))
        var greeting = Samples.report([
            Samples.entry("ping/c", .skipped, reason: "needs an application that echoes"),
            Samples.entry("ping/d", .pass),
        ])
        let option = "an endpoint that echoes, or --application echo"
        #expect(text(greeting).lastLine.contains("; left out 1 echo (\(option)); report"))
        greeting.options.require = ["supervise"]
        #expect(!text(greeting).lastLine.contains("exit"))
        greeting.options.require = ["echo"]
        let why = "1 left out for want of what --require echo asks for"
        #expect(text(greeting).lastLine.contains("; exit 2 for \(why); report"))
        #expect(RunConclusion(of: greeting).status == .undecided)
    }

    @Test("A reference stands beside a failure only where the report was about the same requirement")
    func known() {
        func told(about requirement: String) -> Bool {
            var entry = Samples.entry("ping/a", .fail, reason: "x")
            entry.references = [KnownDefectReference(project: "P", reference: "o/p#1", about: [requirement])]
            entry.findings = [
                Finding(
                    rule: "r",
                    axis: .closing,
                    verdict: .fail,
                    requirement: "RFC6455-5.5.1-02",
                    reason: "x",
                    key: .sent
                )
            ]
            return text(Samples.report([entry])).everything.contains("known: P, o/p#1")
        }
        #expect(told(about: "RFC6455-5.5.1-02"))
        #expect(!told(about: "RFC6455-5.5.2-01"))
    }

    @Test("A failure shows what is peculiar to its handshake, and not what stands in every other")
    func peculiar() {
        let head = ["Host: 127.0.0.1:9001", "Upgrade: websocket", "Connection: Upgrade"].map { "> \($0)" }
        let answer = ["HTTP/1.1 405 Method Not Allowed", "Connection: close", "Content-Length: 19"].map { "< \($0)" }
        let host = "> Host: 127.0.0.1:9001"
        let twice = [host, host, "> Sec-WebSocket-Key: a==", "> X: 1"]
        let first = ["> DELETE / HTTP/1.1"] + head + ["> Sec-WebSocket-Version: 13"] + answer
        let second = ["> GET / HTTP/1.1"] + twice + ["< HTTP/1.1 101 Switching Protocols", "< Upgrade: websocket"]
        let wires = [first + ["= TCP ended by the peer"], second + ["> ping FIN 0 octets", "< pong FIN 0 octets"]]
        let told = wires.map { wire in
            let lines = wire.map { Report.WireLine($0) }
            return text(Samples.report([Samples.entry("ping/a", .fail, reason: "x", wire: lines)])).everything
        }
        let lines = ["> DELETE / HTTP/1.1", "> …"] + answer + ["= TCP ended by the peer"]
        #expect(told[0].contains(lines.map { "        \($0)\n" }.joined()), "\(told[0])")
        #expect(told[1].contains("> Host: 127.0.0.1:9001\n        > Host: 127.0.0.1:9001\n        > …\n"), "\(told[1])")
    }

    @Test("Failures with one cause are told once, with the example and the names of all")
    func alike() {
        func failing(_ id: String, _ key: ReasonKey) -> Report.Case {
            var entry = Samples.entry(id, .fail, reason: "bad")
            entry.findings = [
                Finding(
                    rule: "behaviour",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: "RFC6455-5.5.1-02",
                    reason: "bad",
                    key: key
                )
            ]
            return entry
        }
        let cases = (1...14).map { failing("ping/c\($0 + 10)", .noPong) } + [failing("ping/d", .echoWrong)]
        let told = text(Samples.report(cases)).everything
        #expect(told.ranges(of: "      again: ").count == 2, "\(told)")
        #expect(told.contains("fail  14 cases"), "\(told)")
        #expect(told.contains("      cases: ping/{c11,c12,c13,c14,c15,"), "\(told)")
        #expect(told.contains("c22}, ping/{c23,c24}\n"), "\(told)")
        #expect(
            told.contains("      what to do: answer each Ping with a Pong, whatever else is under way\n"),
            "\(told)"
        )
    }

    @Test("A run without findings is short")
    func clean() {
        let report = Samples.report([Samples.entry("ping/a", .pass), Samples.entry("ping/b", .informational)])
        #expect(Golden.difference(text(report).everything, from: "summary-clean.txt") == nil)
    }

    @Test("With --strict what is tolerated is listed in full")
    func strict() {
        let cases = (10..<25).map { Samples.entry("ping/c\($0)", .tolerated, reason: "late") }
        let report = Samples.report(cases)
        #expect(text(report).everything.contains("… and 5 more tolerated"))
        #expect(!text(report, isStrict: true).everything.contains("more tolerated"))
    }

    @Test("The last line says that a run was cut short")
    func cutShort() {
        let report = Samples.report([], footer: RunOutcome.cancelled.footer)
        #expect(
            text(report).lastLine
                == "nothing was run; incomplete, the run was ended by a signal; exit 2 for nothing was "
                + "judged; report ./wsconform-report/report.json\n"
        )
    }

    @Test(
        "A target that we started has a line of its own, and its command goes into the command that runs a case again"
    )
    func supervised() {
        var report = Samples.report([Samples.entry("closing/a", .fail)])
        report.run?.supervised = Report.Supervised(
            command: ["./a server", "--port", "9001"],
            starts: 4,
            endings: ["signal SIGSEGV", "exit status 3", "signal SIGSEGV"],
            sanitizerReports: ["AddressSanitizer: SEGV"],
            peakResidentOctets: 41 << 20,
            processorSeconds: 1.24
        )
        let told = text(report).everything
        let line = "supervised ./a server: started 4 times, ended with exit status 3, signal SIGSEGV (2 times), "
        #expect(told.contains(line + "sanitizer reports: 1; at most 41 MiB resident, 1.2 s of processor time\n"))
        let again = "--cases closing/a --out ./wsconform-report-again --supervise -- './a server' --port 9001\n"
        #expect(told.contains(again))
        report.run?.supervised = Report.Supervised(command: ["./a"], starts: 1)
        #expect(text(report).everything.contains("supervised ./a: started once; memory and processor time not sampled"))
    }

    @Test("With a baseline what is known is a line each, and what is new is told in full behind it")
    func baseline() {
        var report = Samples.findings
        var outcome = Report.BaselineOutcome(file: "b.json")
        outcome.known = 3
        outcome.new = ["ping/many"]
        report.baseline = outcome
        #expect(Golden.difference(text(report).everything, from: "summary-baseline.txt") == nil)
        report.baseline?.new = []
        report.options.failOnImpact = [.security]
        let told = text(report).everything
        #expect(!told.contains("again: ") && told.contains("known, or of an impact that does not count (b.json):"))
    }

    @Test("What a peer wrote cannot move the cursor, colour the screen or begin a line")
    func hostile() {
        var report = Samples.report([
            Samples.entry(
                "ping/a",
                .fail,
                reason: Samples.hostile,
                wire: [Report.WireLine("< text FIN \(Samples.hostile)")]
            )
        ])
        report.peer.name = Samples.hostile
        let everything = text(report).everything
        #expect(Golden.difference(everything, from: "summary-hostile.txt") == nil)
        #expect(everything.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test("The command that runs a case again has the options that decide its verdict")
    func again() {
        var report = Samples.report([Samples.entry("ping/a", .fail, reason: "x")])
        report.peer.url = "ws://127.0.0.1:9001/a?b=1&c='"
        report.options.profile = .autobahn
        report.options.effort = .full
        report.options.seed = 9
        let options = "--cases ping/a --profile autobahn --effort full --seed 9 --out ./wsconform-report-again\n"
        #expect(
            text(report).everything.contains("wsconform server 'ws://127.0.0.1:9001/a?b=1&c='\\''' \(options)")
        )
        #expect(text(report, isEmbedded: true).everything.contains("wsconform server --embedded \(options)"))
    }

    @Test("The command that runs a case again is one that the program takes, with all that decided its verdict")
    func againIsWhole() throws {
        var report = Samples.report([Samples.entry("ping/empty", .fail, reason: "x")])
        report.options.timeoutSeconds = 0.5
        report.options.application = "none"
        report.options.strict = true
        report.options.subprotocols = ["chat", "v2"]
        report.options.headerFields = ["X-Api-Key: ***"]
        report.options.cookies = ["id=***"]
        report.options.origin = "http://a.example"
        report.options.connectTo = "127.0.0.1:1"
        report.options.proxy = "http://127.0.0.1:3128"
        report.options.rate = 10
        let words = AgainLine(report, out: "out/").words(for: "ping/empty")
        _ = try Wsconform.parseAsRoot(Array(words.dropFirst()))
        let told = [
            "wsconform server ws://127.0.0.1:9001 --cases ping/empty --timeout 0.5 --application none",
            "--subprotocol chat --subprotocol v2 --header X-Api-Key: *** --cookie id=*** --origin http://a.example",
            "--connect-to 127.0.0.1:1 --proxy http://127.0.0.1:3128 --rate 10 --strict --out out-again",
        ]
        #expect(words.joined(separator: " ") == told.joined(separator: " "))
        report.baseline = Report.BaselineOutcome(file: "known.json")
        let compared = AgainLine(report, out: "out/").words(for: "ping/empty").joined(separator: " ")
        #expect(compared.hasSuffix("--strict --baseline known.json --out out-again"), "\(compared)")
        report.options.configuration = Report.Configuration(file: "c.json", options: ["baseline"], replaced: [])
        #expect(!AgainLine(report, out: "out/").words(for: "ping/empty").contains("--baseline"))
    }

    @Test("The same for a client, whose command comes last")
    func againOfClients() throws {
        var report = Samples.report([Samples.entry("ping/empty", .fail, reason: "x")])
        report.roleUnderTest = .client
        report.options.listen = "127.0.0.1:9002"
        report.options.subprotocols = ["chat"]
        report.options.allowedOrigins = ["http://b.example"]
        report.options.command = ["node", "client.js", "{url}"]
        for isDriver in [false, true] {
            report.options.driver = isDriver
            let words = AgainLine(report, out: ".").words(for: "ping/empty")
            _ = try Wsconform.parseAsRoot(Array(words.dropFirst()))
            let told = [
                "wsconform client --cases ping/empty --subprotocol chat --listen 127.0.0.1:9002",
                "--allow-origin http://b.example --out ./wsconform-again",
                isDriver ? "--driver -- node client.js {url}" : "-- node client.js {url}",
            ]
            #expect(words.joined(separator: " ") == told.joined(separator: " "))
        }
    }

    @Test("What a configuration file gave is left to it, and what the command line replaced is said")
    func againWithFile() throws {
        var report = Samples.report([Samples.entry("ping/empty", .fail, reason: "x")])
        report.options.headerFields = ["X-Api-Key: ***"]
        report.options.cookies = ["id=***"]
        report.options.origin = "http://a.example"
        report.options.exclude = ["utf8/*"]
        report.options.failByDrop = true
        report.options.configuration = Report.Configuration(
            file: "ci/it's.json",
            options: ["url", "header", "origin"],
            replaced: ["cookie", "exclude", "effort", "compression"]
        )
        func told() throws -> String {
            let words = AgainLine(report, out: "out").words(for: "ping/empty")
            _ = try Wsconform.parseAsRoot(Array(words.dropFirst()))
            return words.joined(separator: " ")
        }
        #expect(
            try told() == "wsconform server --config ci/it's.json --cases ping/empty --exclude utf8/* --compression on "
                + "--fail-by-drop --effort quick --cookie id=*** --out out-again"
        )
        #expect(text(report).everything.contains("--config 'ci/it'\\''s.json' --cases ping/empty"))
        report.roleUnderTest = .client
        report.options = Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 1)
        report.options.command = ["./client"]
        report.options.driver = true
        report.options.configuration = Report.Configuration(
            file: "c.json",
            options: ["command", "driver"],
            replaced: []
        )
        #expect(try told() == "wsconform client --config c.json --cases ping/empty --out out-again")
        report.options.configuration = Report.Configuration(file: "c.json", options: ["jobs"], replaced: ["command"])
        #expect(
            try told() == "wsconform client --config c.json --cases ping/empty --out out-again --driver -- ./client"
        )
    }

    @Test("Rendered files, too, name the built-in peer by its option")
    func againOfEmbedded() throws {
        var report = Samples.report([Samples.entry("ping/empty", .fail, reason: "x", key: .noPong)])
        report.options.embedded = true
        for format in Renderers.all where ["junit", "markdown", "html"].contains(format.name) {
            let text = try format.render([report]).map { String(decoding: $0.octets, as: UTF8.self) }.joined()
            #expect(text.contains("wsconform server --embedded --cases"), "\(format.name)")
        }
    }

    @Test(
        "Escapes keep a text on one line",
        arguments: [
            ("plain é 😀", "plain é 😀"), ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{1B}[2J", "\\u{1B}[2J"),
            ("\u{9B}2J\u{7F}", "\\u{9B}2J\\u{7F}"), ("\u{202E}\u{2066}\u{2028}", "\\u{202E}\\u{2066}\\u{2028}"),
        ]
    )
    func escapes(text: String, expected: String) {
        #expect(TextEscaping.escaped(text) == expected)
    }
}

import Testing
import WSConform
import WSModelPeer

@Suite struct `Cases of the library` {
    @Test func `Patterns select cases by id, Autobahn's number, tag and requirement`() throws {
        let closing = try Suite.cases(testing: .server, "closing/*")
        #expect(!closing.isEmpty)
        #expect(closing.allSatisfy { $0.id.hasPrefix("closing/") && $0.role == .server })
        #expect(try Suite.cases(testing: .server, "7.3.2").map(\.id) == ["closing/one-byte-payload"])
        let slow = try Suite.cases(testing: .server, "tag:slow")
        #expect(slow.allSatisfy { $0.tags.contains("slow") })
        let cited = try Suite.cases(testing: .client, "RFC6455-5.5.1-02")
        #expect(!cited.isEmpty)
    }

    @Test func `Without a pattern there is everything that need not be named, over TLS also what is about it`() throws {
        let all = try Suite.cases(testing: .server)
        #expect(all.count > 500)
        #expect(Set(all).count == all.count)
        #expect(!all.contains { $0.tags.contains("slow") || $0.id.hasPrefix("tls/") })
        #expect(try Suite.cases(testing: .server, over: .tls).contains { $0.id.hasPrefix("tls/") })
        let some = try Suite.cases(testing: .server, excluding: ["closing/*"])
        #expect(some == all.filter { !$0.id.hasPrefix("closing/") })
    }

    @Test func `A pattern that matches nothing is told with what was meant`() {
        let error = #expect(throws: ConformanceError.self) {
            try Suite.cases(testing: .server, "closing/one-byte-payloat")
        }
        #expect(error?.kind == .selection)
        #expect(error?.description.contains("did you mean closing/one-byte-payload") == true)
    }

    @Test func `A case says what it is about`() throws {
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .server))
        #expect("\(test)" == "closing/one-byte-payload")
        #expect(test.autobahnNumber == "7.3.2")
        #expect(!test.title.isEmpty)
        let requirement = try #require(test.requirements.first)
        #expect(requirement.citation.hasPrefix("RFC 6455 §"))
        #expect(!requirement.sentence.isEmpty && !requirement.impactReason.isEmpty)
        #expect(test != Suite.case("closing/one-byte-payload", testing: .client))
        #expect(Suite.case("closing/no-such-case", testing: .server) == nil)
    }

    @Test func `The options have the defaults of the command`() {
        let options = ConformanceOptions()
        #expect(options.timeout == .seconds(SilenceLimit.standard.seconds))
        #expect(options.maximumMessage == RunSettings(out: "").maximumMessage)
        #expect(options.seed == RunSettings(out: "").seed)
        #expect("\(options.effort)" == "\(RunSettings(out: "").effort)")
    }
}

@Suite struct `Single cases of the library` {
    private static func `case`(_ id: String, _ role: Suite.Role = .server) throws -> ConformanceCase {
        try #require(Suite.case(id, testing: role))
    }

    @Test(arguments: try Suite.cases(testing: .server, "closing/*", "utf8/*"))
    func `The model server conforms`(_ test: ConformanceCase) async throws {
        let result = try await test.run(against: .modelServer)
        #expect(result.verdict != .fail, "\(result.explanation)")
        #expect(result.id == test.id)
    }

    @Test func `A failure is explained with its reason, its citation, what to do and the wire`()
        async throws
    {
        let test = try #require(try Suite.cases(testing: .server, "6.3.1").first)
        try await TestPeers.serving(TestPeers.model([.swallowsInvalidUTF8])) { url in
            let result = try await test.run(against: .server(url))
            #expect(result.verdict == .fail)
            #expect(!result.reason.isEmpty)
            let citation = try #require(result.citations.first)
            let advice = try #require(result.advice)
            let lines = result.explanation.split(separator: "\n").map(String.init)
            #expect(lines.first == "fail  \(test.id) (Autobahn 6.3.1)  \(test.title)")
            #expect(lines.contains { $0.contains(result.reason) })
            #expect(lines.contains { $0.contains("\(citation.citation): ") })
            #expect(lines.contains { $0.contains("what to do: \(advice)") })
            #expect(lines.contains { $0.contains("> text") } && lines.contains { $0.contains("< text") })
            #expect(result.wireLog.contains { $0.hasPrefix("> text") })
            #expect(result.causes.first?.verdict == .fail)
            #expect(result.autobahn?.number == "6.3.1")
            #expect(result.autobahn?.behavior == "FAILED")
        }
    }

    @Test func `Hundreds of calls at once share what is learned, and few are played at a time`()
        async throws
    {
        let cases = try Suite.cases(testing: .server, "utf8/*", excluding: ["tag:alone", "tag:load"])
        let meter = TestPeers.Meter()
        let options = ConformanceOptions(jobs: 4)
        try await TestPeers.serving(TestPeers.counted(meter)) { url in
            let target = ConformanceTarget.server(url)
            try await withThrowingTaskGroup(of: ConformanceResult.self) { group in
                for test in cases { group.addTask { try await test.run(against: target, options: options) } }
                for try await result in group { #expect(result.verdict != .fail, "\(result.explanation)") }
            }
        }
        #expect(cases.count > 100)
        #expect(meter.total < cases.count * 2)
        // Listeners and probes are beside the conversations.
        #expect(meter.most <= 12)
    }

    @Test func `A case that two tasks ask for is played for each of them`() async throws {
        let meter = TestPeers.Meter()
        try await TestPeers.serving(TestPeers.counted(meter)) { url in
            let test = try Self.case("closing/one-byte-payload")
            async let first = test.run(against: .server(url))
            async let second = test.run(against: .server(url))
            let results = try await [first, second]
            #expect(results.map(\.verdict) == [.pass, .pass])
        }
        #expect(meter.total >= 4)
    }

    @Test func `Another server behind the same options is judged by what it does itself`() async throws {
        let test = try Self.case("closing/one-byte-payload")
        for (defects, verdict) in [
            (Set<ModelDefect>(), ConformanceResult.Verdict.pass), ([.acceptsOneByteClose], .tolerated),
        ] {
            try await TestPeers.serving(TestPeers.model(defects)) { url in
                let result = try await test.run(against: .server(url))
                #expect(result.verdict == verdict)
            }
        }
    }

    @Test func `A case about TLS is skipped without it, with what it needs`() async throws {
        let test = try #require(try Suite.cases(testing: .server, "tls/*", over: .tls).first)
        let result = try await test.run(against: .modelServer)
        #expect(result.verdict == .skipped)
        #expect(result.reason == "makes sense over tls alone; give an address of that kind")
        #expect(!result.verdict.isJudged)
    }

    @Test func `A target that is not there is an error that names it`() async throws {
        let gone = try await TestPeers.serving(TestPeers.model()) { $0 }
        let error = await #expect(throws: ConformanceError.self) {
            try await Self.case("closing/one-byte-payload").run(against: .server(gone))
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.description.contains(gone.dropFirst("ws://".count).dropLast()) == true)
    }

    @Test(arguments: [
        ("http://127.0.0.1/", "is not a WebSocket address"),
        ("ws://user@127.0.0.1/", "has user information"),
    ])
    func `An address that is none is an error`(url: String, words: String) async throws {
        let error = await #expect(throws: ConformanceError.self) {
            try await Self.case("closing/one-byte-payload").run(against: .server(url))
        }
        #expect(error?.kind == .target)
        #expect(error?.description.contains(words) == true)
    }

    @Test func `A field that HTTP does not allow is an error, and so is one of our own`() async throws {
        for (name, words) in [("a b", "the name may hold no blanks"), ("Upgrade", "Upgrade is not free")] {
            let handshake = ConformanceTarget.Handshake(headers: [name: "x"])
            let error = await #expect(throws: ConformanceError.self) {
                try await Self.case("closing/one-byte-payload").run(
                    against: .server("ws://127.0.0.1:1", handshake: handshake)
                )
            }
            #expect(error?.kind == .target)
            #expect(error?.description.contains(words) == true)
        }
    }

    @Test func `A target of the other role is an error that says so`() async throws {
        let error = await #expect(throws: ConformanceError.self) {
            try await Self.case("closing/one-byte-payload", .client).run(against: .modelServer)
        }
        #expect(error?.kind == .target)
        #expect(error?.description.contains("tests a client, and the model server is a server") == true)
    }

    @Test(arguments: [
        (ConformanceOptions(jobs: 0), "jobs is 0"), (ConformanceOptions(timeout: .zero), "timeout is"),
        (ConformanceOptions(maximumMessage: 0), "maximumMessage is 0"),
        (ConformanceOptions(peerLimit: -1), "peerLimit is -1"),
    ])
    func `An option out of its range is an error`(options: ConformanceOptions, words: String) async throws {
        let error = await #expect(throws: ConformanceError.self) {
            try await Self.case("closing/one-byte-payload").run(against: .modelServer, options: options)
        }
        #expect(error?.kind == .options)
        #expect(error?.description.hasPrefix(words) == true)
    }

    @Test func `A cancelled task gets its error at once, and others their results`() async throws {
        try await TestPeers.serving(TestPeers.silent) { url in
            let task = Task {
                try await Self.case("closing/one-byte-payload").run(
                    against: .server(url),
                    options: ConformanceOptions(timeout: .seconds(60))
                )
            }
            task.cancel()
            let error = await #expect(throws: ConformanceError.self) { try await task.value }
            #expect(error?.kind == .cancelled)
        }
        #expect(try await Self.case("closing/one-byte-payload").run(against: .modelServer).verdict == .pass)
    }
}

import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

/// The decisions about opening handshakes that somebody will dispute, one row each.
@Suite struct HandshakeGradingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var id: String
        var answer: Answer
        var grade: Grade

        init(_ id: String, _ answer: Answer, _ grade: Grade) {
            self.id = id
            self.answer = answer
            self.grade = grade
        }

        var testDescription: String { "\(id) \(answer)" }
    }

    /// What a server answers.
    enum Answer: Sendable {
        case accepts
        case status(Int)
        case statusAndClose(Int)
        case drops
        case saysNothing
    }

    static let rows: [Row] = [
        // 4.2.1 has a response returned, 10.7 allows a drop and recommends the status.
        Row("handshake/request/version-missing", .status(400), .conforms),
        Row("handshake/request/version-missing", .status(200), .tolerated),
        Row("handshake/request/version-missing", .drops, .tolerated),
        Row("handshake/request/version-missing", .saysNothing, .violates),
        Row("handshake/request/version-missing", .accepts, .violates),
        // Without Upgrade and Connection a request is plain HTTP, and any answer to that will do.
        Row("handshake/request/upgrade-missing", .status(200), .conforms),
        Row("handshake/request/upgrade-missing", .accepts, .violates),
        // A server need not decode the key.
        Row("handshake/request/key-of-15-octets", .accepts, .informational),
        Row("handshake/request/key-empty", .accepts, .violates),
        // That repeated fields are to be refused is a reading: 11.3.1 and 11.3.5 bind clients.
        Row("handshake/request/key-contradictory", .accepts, .tolerated),
        Row("handshake/request/version-contradictory", .accepts, .tolerated),
        Row("handshake/request/version-list", .accepts, .violates),
        // RFC 9112 has 400 for these in so many words.
        Row("handshake/request/host-missing", .status(400), .conforms),
        Row("handshake/request/host-missing", .status(404), .tolerated),
        Row("handshake/request/host-missing", .accepts, .violates),
        Row("handshake/request/whitespace-before-the-colon-of-an-unknown-field", .accepts, .violates),
        // A comma is allowed in a registered name.
        Row("handshake/request/host-with-comma", .accepts, .conforms),
        Row("handshake/request/host-with-comma", .status(400), .conforms),
        // RFC 2616, on which RFC 6455 rests, had other rules for versions.
        Row("handshake/request/version-in-lower-case", .accepts, .tolerated),
        Row("handshake/request/version-with-two-digits", .accepts, .informational),
        Row("handshake/request/version-without-minor", .accepts, .violates),
        Row("handshake/request/http-1-2", .status(505), .tolerated),
        // An invalid request line should be refused.
        Row("handshake/request/target-asterisk", .accepts, .tolerated),
        Row("handshake/request/target-with-space", .status(301), .conforms),
        // Nobody knows where these requests end, so the connection has to.
        Row("handshake/request/content-length-a-word", .statusAndClose(400), .conforms),
        Row("handshake/request/content-length-a-word", .status(400), .violates),
        Row("handshake/request/content-length-a-word", .accepts, .violates),
        Row("handshake/request/field-line-without-colon", .statusAndClose(400), .conforms),
        Row("handshake/request/field-line-without-colon", .status(400), .tolerated),
        Row("handshake/request/field-line-without-colon", .accepts, .tolerated),
        // Folding is refused with 400 or read as a space.
        Row("handshake/request/folding-of-key", .accepts, .conforms),
        Row("handshake/request/folding-of-key", .status(400), .conforms),
        Row("handshake/request/folding-of-key", .status(426), .tolerated),
        Row("handshake/request/folding-that-hides-upgrade", .accepts, .violates),
        // Who does not take LF for the end of a line waits for CRLF, and may.
        Row("handshake/request/lines-ended-by-lf", .accepts, .conforms),
        Row("handshake/request/lines-ended-by-lf", .status(400), .conforms),
        Row("handshake/request/lines-ended-by-lf", .drops, .tolerated),
        Row("handshake/request/lines-ended-by-lf", .saysNothing, .informational),
        // What is too large is refused with a 4xx, or cut off.
        Row("handshake/request/target-of-1-mib", .status(414), .conforms),
        Row("handshake/request/target-of-1-mib", .status(431), .tolerated),
        Row("handshake/request/target-of-1-mib", .status(500), .violates),
        Row("handshake/request/field-of-1-mib", .status(400), .conforms),
        Row("handshake/request/field-of-1-mib", .status(200), .tolerated),
        Row("handshake/request/field-of-1-mib", .status(500), .violates),
        Row("handshake/request/target-of-1-mib", .drops, .informational),
        Row("handshake/request/target-of-1-mib", .accepts, .conforms),
        // Subprotocols and extensions outside their grammar are often overlooked, against a MUST of 4.2.1 and of 9.1.
        Row("subprotocol/with-space", .accepts, .violates),
        Row("subprotocol/empty", .accepts, .tolerated),
        Row("extension/malformed-semicolon", .accepts, .violates),
        Row("extension/empty-list-comma", .accepts, .tolerated),
        Row("extension/unknown", .status(400), .violates),
        Row("subprotocol/offer-of-unknown", .status(400), .informational),
        Row("handshake/request/foreign-origin", .accepts, .conforms),
        Row("handshake/request/foreign-origin", .status(403), .conforms),
        Row("handshake/request/foreign-origin", .status(400), .tolerated),
        Row("handshake/request/foreign-origin", .status(200), .informational),
        Row("handshake/request/foreign-origin", .drops, .violates),
        Row("handshake/request/unknown-resource", .accepts, .conforms),
        Row("handshake/request/unknown-resource", .status(404), .conforms),
        Row("handshake/request/unknown-resource", .status(302), .informational),
        Row("handshake/request/unknown-resource", .status(200), .informational),
        Row("handshake/request/unknown-resource", .drops, .violates),
    ]

    @Test
    func `an answer has the grade that the text gives it`() async {
        await Sweep.each(of: Self.rows) { row in
            let scenario = try #require(Catalogue.scenario(row.id))
            let outcome = scenario.behaviour.first { $0.pattern.fits(row.answer) }
            #expect(outcome?.grade == row.grade)
        }
    }

    @Test
    func `a scenario of the handshake is for one side and waits for no application`() async {
        // What is tried below the opening handshake has chapters of its own.
        let scenarios = Catalogue.all.filter {
            $0.tags.contains(.handshake) && !$0.isRegression && $0.security == nil && $0.stream == nil
        }
        await Sweep.each(of: scenarios) { scenario in
            // A handshake that takes its time is a matter of limits.
            let isLimit = scenario.targets == [.server] && scenario.tags.contains(.robustness)
            if let chapter = scenario.chapter {
                let isOfClient = chapter.wholeMatch(of: /(?:HSC|HSR|SUB|EXT|PMD)-[0-9]{2}/) != nil
                let isOfServer =
                    chapter.wholeMatch(of: isLimit ? /LIM-[0-9]{2}/ : /(?:HSQ|SUB|EXT|PMD)-[0-9]{2}/) != nil
                #expect(scenario.targets == [.client] ? isOfClient : isOfServer)
            }
            #expect(scenario.targets.count == 1)
            #expect(
                scenario.needs == .nothing || scenario.targets == [.server] && scenario.tags.contains(.ambiguous)
            )
        }
    }

    @Test(arguments: [
        ("accept-of-another-key", Grade.conforms, Grade.violates), ("accept-repeated", .conforms, .tolerated),
        ("accept-among-tabs", .violates, .conforms), ("upgrade-before-another", .conforms, .informational),
        ("connection-behind-keep-alive", .violates, .conforms), ("status-403", .conforms, .violates),
        ("redirection-301", .conforms, .violates), ("interim-103", .violates, .conforms),
        ("http-1-0", .conforms, .tolerated), ("http-1-2", .tolerated, .conforms),
        ("reason-in-8-bit", .tolerated, .conforms), ("folding-of-accept", .tolerated, .conforms),
        ("bare-cr-that-hides-upgrade", .conforms, .violates), ("lf-alone", .informational, .conforms),
        ("with-cookie", .tolerated, .conforms), ("with-content-length", .conforms, .conforms),
        ("with-field-of-1-mib", .informational, .conforms),
    ])
    func `what a client makes of an answer has the grade that the text gives it`(
        slug: String,
        failing: Grade,
        accepting: Grade
    ) throws {
        let scenario = try #require(Catalogue.scenario("handshake/response/\(slug)"))
        #expect(scenario.behaviour.first { [.failsHandshake, .anything].contains($0.pattern) }?.grade == failing)
        let accepted = scenario.behaviour.first { $0.pattern.events != nil || $0.pattern == .anything }
        #expect(accepted?.grade == accepting)
    }
}

extension BehaviourPattern {
    /// Whether an answer is of this pattern; who accepts answers the Ping behind the handshake, too.
    fileprivate func fits(_ answer: HandshakeGradingTests.Answer) -> Bool {
        switch (self, answer) {
        case (.anything, _), (.accepted, .accepts), (.events, .accepts), (.unanswered, .drops): true
        case (.refused(let statuses), .status(let status)), (.refused(let statuses), .statusAndClose(let status)),
            (.refusedAndClosed(let statuses), .statusAndClose(let status)):
            statuses?.contains(status) ?? true
        default: false
        }
    }
}

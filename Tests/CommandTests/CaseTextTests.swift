import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSCommand
import WSConform
import WSProtocol
import WSScenario

@Suite("Cases on a terminal")
struct CaseTextTests {
    /// A scenario with every kind of step and pattern.
    private let scenario = Scenario(
        id: "closing/everything",
        title: "A case of everything",
        requirements: ["RFC6455-5.5.1-02", "RFC6455-5.5.2-02"],
        targets: [.server],
        needs: .echo,
        tags: [.slow],
        autobahn: AutobahnCase(
            "7.3.2",
            expected: [
                AutobahnExpectation("OK", [.message(.text, .text("hi")), .pong(.empty)]),
                AutobahnExpectation("NON-STRICT", []),
            ],
            closedByTester: true,
            closeCodes: [1000, 1002],
            requiresCleanClose: true,
            deadline: .kill(milliseconds: 1_000),
            closesWhenComplete: true
        ),
        references: [KnownDefect("Peer", "owner/peer#1"), KnownDefect("Other", "CVE-2020-13935")],
        supervision: Supervision(memoryGrowth: 64 << 20, processorShare: 0.5),
        connections: 200,
        scalingBaseline: ScalingBaseline(script: [.send(FrameToSend(.ping))]),
        opening: .framesWithHandshake,
        script: [
            .send(FrameToSend(.text, .text("hi"), fin: false, rsv: 5, masking: .none, pacing: .pieces(1))),
            .send(
                FrameToSend(.binary, .octets([0xFF]), masking: .key(0xABCD), claimedLength: 9, pacing: .split(at: 3))
            ),
            .send(FrameToSend(.ping, .octets(Array(repeating: 0x61, count: 60)), pacing: .separately)),
            .sendMessage(MessageToSend(.text, .repeating("ab", length: 1_000), fragmentLength: 10)),
            .beginFrame(fin: true, opcode: .text, length: 20),
            .continueFrame(.text("part")),
            .barrier(tag: "A", pings: 1),
            .barrier(tag: "B", pings: 2),
            .quiesce(tag: "C"),
            .awaitPong(.text("p")), .awaitClose,
            .sendOctets([0x81, 0xFE]),
            .pause(milliseconds: 20),
            .endOutput,
            .reset,
            .pauseReading(milliseconds: 100),
            .sendRun(FrameRun(numbered: FrameToSend(.ping), count: 9)),
            .sendRun(FrameRun(FrameToSend(.continuation, .text("a"), fin: false), count: 1_000)),
            .ignorePings,
            .ignoreClose,
            .echoLoop(EchoLoop(.binary, .repeating(unit: [0xFE], length: 64), fullCount: 1_000, quickCount: 50)),
            .startClosingHandshake(body: .octets([0x03, 0xE8, 0x62, 0x79, 0x65])),
            .startClosingHandshake(body: .empty, pacing: .firstOctets(2)),
        ],
        conclusion: .awaitEnd,
        behaviour: [
            .conforms(.events([.message(.text, .text("hi")), .stillOpen(tag: "A"), .echoes(.binary, .empty)])),
            .tolerated(.anyOrder([.pong(.text("p"))]), "late", cites: "RFC6455-5.5.2-03"),
            .informational(
                .withoutEarlierPongs([.pong(.text("1")), .pong(.text("2"))], inOrder: true),
                "the latest is enough"
            ),
            .tolerated(.withoutEarlierPongs([.numberedPongs(9)], inOrder: false), "the latest, late"),
            .informational(.someOf([.pong(.text("p"))]), "less than that"),
            .informational(.refused(statuses: [400, 426]), "did not like it"),
            .violates(.refused(statuses: nil), "did not like it"), .violates(.unanswered, "hung"),
            .violates(.accepted, "took it"), .violates(.anything, "did something else"),
        ],
        closing: [
            .conforms(.peerReplies(codes: [1000, 1005])), .conforms(.peerCloses(codes: nil)),
            .tolerated(.peerDrops, "no Close"), .tolerated(.peerDropsAfterOurClose, "no reply"),
            .violates(.staysOpen, "hung"), .violates(.anything, "did something else"),
        ]
    )

    @Test func `a requirement is told with its level, whom it binds, what it means, and its cases`() throws {
        let requirement = try #require(RequirementTable.shared.requirement("RFC9110-15.5.22-01"))
        let text = RequirementText.describe(requirement)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0] == requirement.id && lines[1] == "  \(requirement.summary)")
        for fact in ["RFC 9110 §15.5.22", "MUST, by a keyword", "the server", "interoperability: A client learns"] {
            #expect(text.contains(fact), "\(fact)")
        }
        #expect(lines.contains { $0.hasPrefix("  handshake/request/version-25 ") })
        let unused = try #require(RequirementTable.shared.requirement("RFC6455-2-01"))
        #expect(RequirementText.describe(unused).hasSuffix("\nNo case cites it.\n"))
    }

    @Test("A case is shown as it was looked at")
    func show() {
        #expect(Golden.difference(ScenarioText.describe(scenario, in: .shared), from: "case.txt") == nil)
    }

    @Test("A request of the scenario's own is shown line by line")
    func request() {
        var scenario = scenario
        scenario.opening = .request(
            RequestToSend(lines: ["GET {target} HTTP/1.1", "Host: {host}", "X: \u{1B}"], pacing: .pieces(3))
        )
        let text = ScenarioText.describe(scenario, in: .shared)
        #expect(text.contains("\n  this request, in writes of 3 octets:\n    GET {target} HTTP/1.1\n"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("The list has a line for each case, with its number in Autobahn")
    func list() {
        let lines = CaseListText.table(Catalogue.all).split(separator: "\n")
        #expect(lines.count == Catalogue.all.count)
        #expect(CaseListText.table([scenario]) == "closing/everything  7.3.2  A case of everything [slow]\n")
    }

    @Test("The list in JSON has what one can select by")
    func json() throws {
        let text = try CaseListText.json([scenario])
        let list = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(list[0]["id"] as? String == "closing/everything")
        #expect(list[0]["autobahn"] as? String == "7.3.2")
        #expect(list[0]["tags"] as? [String] == ["slow"])
        #expect(list[0]["targets"] as? [String] == ["server"])
    }

    @Test("Every scenario of the catalogue can be shown, and every requirement it cites is known")
    func all() {
        for scenario in Catalogue.all {
            let lines = ScenarioText.describe(scenario, in: .shared).split(separator: "\n")
            #expect(lines.first == Substring(scenario.id))
            #expect(!lines.contains { $0.hasPrefix("  RFC6455-") && !$0.contains("§") }, "\(scenario.id)")
        }
    }
}

import TestSupport
import Testing
import WSProtocol
import WSScenario

@Suite struct `Event comparison` {
    /// A pattern, what came, and how far that has come.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var pattern: BehaviourPattern
        var came: [ObservedEvent]
        var progress: PatternProgress

        var testDescription: String { name }
    }

    private static let a = Payload.text("a")
    private static let b = Payload.text("b")
    private static let echoA = ObservedEvent.message(.text, length: 1, payload: 0)
    private static let echoB = ObservedEvent.message(.text, length: 1, payload: 1)
    private static let pongA = ObservedEvent.pong([0x61])
    private static let both: [ExpectedEvent] = [.message(.text, a), .message(.text, b)]
    private static let alternating: [ExpectedEvent] = [
        .message(.text, a), .pong(.text("1")), .message(.text, b), .pong(.text("2")),
    ]
    private static let pongs = [Payload.text("1"), .text("2"), .text("3")]

    private static func pong(_ text: String) -> ObservedEvent { .pong(Array(text.utf8)) }

    private static let rows: [Row] = [
        Row(name: "anything, nothing", pattern: .anything, came: [], progress: .complete),
        Row(name: "anything, something", pattern: .anything, came: [echoA], progress: .complete),
        Row(name: "no events, nothing", pattern: .events([]), came: [], progress: .complete),
        Row(name: "no events, one", pattern: .events([]), came: [echoA], progress: .impossible),
        Row(name: "in order, none yet", pattern: .events(both), came: [], progress: .partial),
        Row(name: "in order, first", pattern: .events(both), came: [echoA], progress: .partial),
        Row(name: "in order, all", pattern: .events(both), came: [echoA, echoB], progress: .complete),
        Row(name: "in order, swapped", pattern: .events(both), came: [echoB, echoA], progress: .impossible),
        Row(name: "in order, one more", pattern: .events(both), came: [echoA, echoB, echoA], progress: .impossible),
        Row(name: "any order, none yet", pattern: .anyOrder(both), came: [], progress: .partial),
        Row(name: "any order, last first", pattern: .anyOrder(both), came: [echoB], progress: .partial),
        Row(name: "any order, swapped", pattern: .anyOrder(both), came: [echoB, echoA], progress: .complete),
        Row(name: "any order, twice the same", pattern: .anyOrder(both), came: [echoA, echoA], progress: .impossible),
        Row(name: "any order, a stranger", pattern: .anyOrder(both), came: [pongA], progress: .impossible),
        Row(
            name: "pongs, none yet",
            pattern: .withoutEarlierPongs(pongs.map { .pong($0) }, inOrder: true),
            came: [],
            progress: .partial
        ),
        Row(
            name: "pongs, all",
            pattern: .withoutEarlierPongs(pongs.map { .pong($0) }, inOrder: true),
            came: [pong("1"), pong("2"), pong("3")],
            progress: .complete
        ),
        Row(
            name: "pongs, the last alone",
            pattern: .withoutEarlierPongs(pongs.map { .pong($0) }, inOrder: true),
            came: [pong("3")],
            progress: .complete
        ),
        Row(
            name: "pongs, without the last",
            pattern: .withoutEarlierPongs(pongs.map { .pong($0) }, inOrder: true),
            came: [pong("1"), pong("2")],
            progress: .partial
        ),
        Row(
            name: "pongs, backwards",
            pattern: .withoutEarlierPongs(pongs.map { .pong($0) }, inOrder: true),
            came: [pong("2"), pong("1")],
            progress: .impossible
        ),
        Row(
            name: "pongs, a message",
            pattern: .withoutEarlierPongs(pongs.map { .pong($0) }, inOrder: true),
            came: [echoA],
            progress: .impossible
        ),
        Row(
            name: "Pongs ahead, as listed",
            pattern: .pongsAhead(alternating),
            came: [echoA, pong("1"), echoB, pong("2")],
            progress: .complete
        ),
        Row(
            name: "Pongs ahead of all",
            pattern: .pongsAhead(alternating),
            came: [pong("1"), pong("2"), echoA, echoB],
            progress: .complete
        ),
        Row(
            name: "Pongs ahead of some",
            pattern: .pongsAhead(alternating),
            came: [pong("1"), echoA, pong("2"), echoB],
            progress: .complete
        ),
        Row(
            name: "Pongs ahead, the last missing",
            pattern: .pongsAhead(alternating),
            came: [pong("1"), echoA, echoB],
            progress: .partial
        ),
        Row(
            name: "Pongs ahead, one late",
            pattern: .pongsAhead(alternating),
            came: [echoA, echoB, pong("1"), pong("2")],
            progress: .impossible
        ),
        Row(
            name: "Pongs ahead, swapped",
            pattern: .pongsAhead(alternating),
            came: [pong("2"), pong("1")],
            progress: .impossible
        ),
        Row(
            name: "Pongs ahead, echoes swapped",
            pattern: .pongsAhead(alternating),
            came: [pong("1"), echoB],
            progress: .impossible
        ),
        Row(
            name: "wait over",
            pattern: .events([.stillOpen(tag: "A")]),
            came: [.stillOpen(tag: "A")],
            progress: .complete
        ),
        Row(
            name: "another wait over",
            pattern: .events([.stillOpen(tag: "A")]),
            came: [.stillOpen(tag: "B")],
            progress: .impossible
        ),
        Row(
            name: "wrong type",
            pattern: .events([.message(.binary, a)]),
            came: [echoA],
            progress: .impossible
        ),
        Row(
            name: "wrong octets",
            pattern: .events([.message(.text, a)]),
            came: [.message(.text, length: 1, payload: nil)],
            progress: .impossible
        ),
        Row(
            name: "wrong length",
            pattern: .events([.message(.text, a)]),
            came: [.message(.text, length: 2, payload: nil)],
            progress: .impossible
        ),
    ]

    private func scenario(_ expected: [ExpectedEvent], script: [Step] = []) -> Scenario {
        Scenario(
            id: "test/comparison",
            title: "",
            requirements: [],
            needs: .nothing,
            script: script,
            conclusion: .awaitEnd,
            behaviour: [.conforms(.events(expected))],
            closing: []
        )
    }

    @Test
    func `Each pattern says how far it has come`() async {
        await Sweep.each(of: Self.rows) { row in
            let comparison = EventComparison(scenario(Self.both), effort: .quick)
            #expect(comparison.progress(of: row.came, towards: row.pattern, script: []) == row.progress)
        }
    }

    @Test(arguments: Effort.allCases)
    func `Echoes are as many as the loop sends at this effort`(effort: Effort) {
        let loop = EchoLoop(.text, Self.a, fullCount: 5, quickCount: 2)
        let pattern = BehaviourPattern.events([.echoes(.text, Self.a)])
        let script = [Step.echoLoop(loop)]
        let comparison = EventComparison(scenario([.echoes(.text, Self.a)], script: script), effort: effort)
        let count = loop.count(at: effort)
        for came in 0...count + 1 {
            let events = Array(repeating: Self.echoA, count: came)
            let expected: PatternProgress = came < count ? .partial : came == count ? .complete : .impossible
            #expect(comparison.progress(of: events, towards: pattern, script: script) == expected)
        }
    }

    @Test func `The echoes of slices come in the order of the slices, and over again`() {
        let loop = EchoLoop(
            .text,
            .sample(SampleSlice(.json, start: 0, length: 64)),
            fullCount: 7,
            quickCount: 3,
            turn: 3
        )
        let (echoes, script) = (ExpectedEvent.echoes(.text, loop.payload), [Step.echoLoop(loop)])
        let comparison = EventComparison(scenario([echoes], script: script), effort: .full)
        #expect(comparison.payloads == loop.payloads)
        let right = (0..<7).map { ObservedEvent.message(.text, length: 64, payload: $0 % 3) }
        func progress(_ events: [ObservedEvent]) -> PatternProgress {
            comparison.progress(of: events, towards: .events([echoes]), script: script)
        }
        #expect(progress(right) == .complete)
        #expect(progress(right.dropLast()) == .partial)
        #expect(progress(right + right.prefix(1)) == .impossible)
        for place in 0..<6 {
            var swapped = right
            swapped.swapAt(place, place + 1)
            #expect(progress(swapped) == .impossible)
        }
        for event in right { #expect(comparison.isEqual(event, echoes)) }
        #expect(!comparison.isEqual(.message(.text, length: 64, payload: nil), echoes))
    }

    @Test func `Content counts unless it is told not to`() {
        let strange = ObservedEvent.message(.text, length: 1, payload: nil)
        let wanted = ExpectedEvent.message(.text, Self.a)
        #expect(!EventComparison(scenario(Self.both), effort: .quick).isEqual(strange, wanted))
        #expect(EventComparison(scenario(Self.both), effort: .quick, ignoresContent: true).isEqual(strange, wanted))
    }

    @Test func `A payload described in another way is the same payload`() {
        let expected = [ExpectedEvent.message(.text, .text("aaa")), .message(.text, .repeating("a", length: 3))]
        let comparison = EventComparison(scenario(expected), effort: .quick)
        let came = ObservedEvent.message(.text, length: 3, payload: 0)
        #expect(comparison.isEqual(came, expected[0]))
        #expect(comparison.isEqual(came, expected[1]))
    }

    @Test(
        arguments: [(0, 1, 1), (1, 1, 1), (2, 1, 3), (5, 2, 3), (4, 2, 3), (65_536, 1300, 51), (1300, 1300, 1)]
            as [(Int, Int, Int)]
    )
    func `Frames of a message cover it without a gap`(length: Int, fragment: Int, count: Int) {
        let message = MessageToSend(.text, .repeating("*", length: length), fragmentLength: fragment)
        #expect(message.frameCount == count)
        var end = 0
        for frame in 0..<message.frameCount {
            let range = message.range(ofFrame: frame)
            #expect(range.lowerBound == end)
            end = range.upperBound
        }
        #expect(end == length)
    }
}

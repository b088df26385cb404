import WSCatalogue
package import WSFuzzing
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// The finding of a fuzz body; the judge has another type of that name.
package typealias Finding = WSFuzzing.Finding

/// Tests the runner's conversation and the judge with a peer that the input controls.
///
/// The input chooses a scenario, a defect of the model server and how reads are cut. At each turn of the peer, it may
/// send any octets, end its output or reset.
///
/// Properties: the conversation ends; it gets a verdict, and the same one when it is judged again; and the transcript
/// counts every octet.
package struct EngineBody: FuzzBody {
    package static let name = "engine"
    package static let maximumInputLength = 2048
    package static let shape = InputShape.octets

    /// The scenarios that are fast enough for a fuzzer, and whether each sends so much that its pieces must be larger.
    private static let scenarios = Catalogue.all.filter { scenario in
        scenario.targets.contains(.server) && !scenario.tags.contains(.slow) && !scenario.isLoad
            && scenario.security == nil && scenario.stream == nil && scenario.supervision == nil
            && scenario.connections == 1
            && !hasLongRequest(scenario)
    }.map { (scenario: $0, isLong: sendsMuch($0)) }
    private static let defects = ModelDefect.allCases

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var octets: [UInt8] = []
        for index in input.indices { octets.append(input[index]) }
        var cursor = OctetCursor(octets: octets)
        let number = Int(cursor.next()) << 8 | Int(cursor.next())
        let (scenario, isLong) = Self.scenarios[number % Self.scenarios.count]
        let choice = Int(cursor.next())
        let defects: Set<ModelDefect> = choice < 128 ? [] : [Self.defects[choice % Self.defects.count]]
        guard let target = try? TargetURL("ws://127.0.0.1:9001") else { return nil }
        let pieces = Int(cursor.next())
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: ConversationSettings(target: target)),
            server: CapriciousServer(defects: defects, cursor: cursor),
            chunkLength: pieces == 0 ? 65_536 : isLong ? pieces * 256 : pieces
        )
        link.run()
        let transcript = link.client.transcript
        guard transcript.isComplete else {
            return Finding("a conversation comes to its end", scenario.id)
        }
        var sent: UInt64 = 0
        var received: UInt64 = 0
        for event in transcript.events {
            switch event.kind {
            case .sent(let offset, let content):
                guard offset == sent else { return Finding("every octet that is sent is counted", scenario.id) }
                sent += content.count
            case .received(let offset, let parts):
                guard offset == received else { return Finding("every octet that came is counted", scenario.id) }
                received += parts.reduce(0) { $0 + UInt64($1.count) }
            case .connected, .mark, .carrierSent, .carrierReceived, .carrierEnded, .ended: break
            }
        }
        guard sent == UInt64(link.sentByClient.count) else {
            return Finding("what is sent is what is recorded", "\(scenario.id): \(sent), \(link.sentByClient.count)")
        }
        let first = Judge.judge(scenario, transcript)
        let second = Judge.judge(scenario, transcript)
        guard first == second else { return Finding("a transcript has one verdict", scenario.id) }
        return nil
    }

    private static func hasLongRequest(_ scenario: Scenario) -> Bool {
        guard case .request(let request) = scenario.opening else { return false }
        return request.padding.count > 65_536
    }

    /// Whether a scenario sends more than a few thousand octets.
    private static func sendsMuch(_ scenario: Scenario) -> Bool {
        let limit = 4096
        var encoder = ScriptEncoder(
            script: scenario.script,
            role: .client,
            effort: .quick,
            keys: MaskingKeySequence(seed: 1)
        )
        var octets: [UInt8] = []
        for step in scenario.script.indices where scenario.script[step].frameCount(at: .quick) > 0 {
            encoder.begin(step: step)
            while octets.count <= limit, encoder.produce(limit: limit + 1, into: &octets) != nil {}
        }
        return octets.count > limit
    }
}

/// The model server, with additional actions that the input chooses.
private struct CapriciousServer: LinkMachine {
    private var server: ModelServer
    private var cursor: OctetCursor
    private var isOver = false

    init(defects: Set<ModelDefect>, cursor: OctetCursor) {
        server = ModelServer(ModelServerSettings(defects: defects))
        self.cursor = cursor
    }

    private mutating func interfere(_ actions: inout [LinkAction]) {
        guard !isOver else {
            actions = []
            return
        }
        switch cursor.next() {
        case 0..<160: break
        case 160..<176: actions.insert(.write(octets()), at: 0)
        case 176..<208: actions.append(.write(octets()))
        case 208..<224: actions = []
        case 224..<232: end(.closeOutput, &actions)
        case 232..<240: end(.reset, &actions)
        case 240..<248: end(.close, &actions)
        default:
            actions = actions.map { action in
                if case .write(let octets) = action { .write(octets.map { $0 ^ 0x10 }) } else { action }
            }
        }
    }

    private mutating func octets() -> [UInt8] {
        let taken = cursor.take(Int(cursor.next() & 63))
        return taken.isEmpty ? [0x89, 0x00] : taken
    }

    private mutating func end(_ action: LinkAction, _ actions: inout [LinkAction]) {
        actions.append(action)
        isOver = true
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkConnected(at: now, actions: &actions)
        interfere(&actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkReceived(bytes, at: now, actions: &actions)
        interfere(&actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkWritable(at: now, actions: &actions)
        if isOver { actions = [] }
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkTimerFired(timer, at: now, actions: &actions)
        if isOver { actions = [] }
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        server.linkEnded(end, at: now)
    }
}

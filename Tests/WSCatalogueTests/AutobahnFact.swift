import Testing
import WSProtocol
import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is known about one of Autobahn's cases, as `autobahn-facts.json` has it.
struct AutobahnFact: Decodable, Sendable, CustomTestStringConvertible {
    var id: String
    var steps: [FactStep]
    var expected: [FactExpectation]
    var closedByMe: Bool
    var codes: [UInt16]
    var clean: Bool
    var wrongCloserIsFatal: Bool?
    var wrongCodeIsFatal: Bool?
    var informational: Bool?
    var comparedOnArrival: Bool?
    var deadline: FactDeadline
    var autoClose: UInt16?

    var testDescription: String { id }

    /// All cases, in Autobahn's order.
    static let all: [AutobahnFact] = {
        do {
            let json = try Data(contentsOf: URL(filePath: Fixtures.folder + "/autobahn-facts.json"))
            return try JSONDecoder().decode([AutobahnFact].self, from: json)
        } catch {
            preconditionFailure("autobahn-facts.json: \(error)")
        }
    }()

    /// The script that our catalogue has to have for it, with our stand-ins for its waits.
    var script: [Step] {
        get throws {
            let isInsideFrame = steps.contains { $0.do == "frameHeader" }
            return try steps.enumerated().map { index, step in
                guard step.do == "wait" else { return try step.step }
                switch step.tag {
                case let tag? where isInsideFrame: return .quiesce(tag: tag)
                case let tag?: return .barrier(tag: tag, pings: tag == "A" ? 1 : 2)
                case nil: return .awaitPong(try #require(steps[index - 1].payload).payload)
                }
            }
        }
    }

    /// Its parts that we keep as attributes of the scenario.
    var autobahnCase: AutobahnCase {
        get throws {
            AutobahnCase(
                id,
                expected: try expected.map { expectation in
                    AutobahnExpectation(expectation.outcome, try expectation.events.map { try $0.event(of: steps) })
                },
                closedByTester: closedByMe,
                wrongCloserFailsBehaviour: wrongCloserIsFatal ?? false,
                closeCodes: codes,
                requiresCleanClose: clean,
                wrongCodeFailsBehaviour: wrongCodeIsFatal ?? false,
                isInformational: informational ?? false,
                comparesWhileReceiving: comparedOnArrival ?? false,
                deadline: deadline.action == "killAfter"
                    ? .kill(milliseconds: deadline.milliseconds) : .close(milliseconds: deadline.milliseconds),
                closesWhenComplete: autoClose == 1000
            )
        }
    }
}

/// When Autobahn gives up.
struct FactDeadline: Decodable, Sendable {
    var action: String
    var milliseconds: Int
}

/// Events and the outcome they give.
struct FactExpectation: Decodable, Sendable {
    var outcome: String
    var events: [FactEvent]
}

/// Something that Autobahn expects.
struct FactEvent: Decodable, Sendable {
    var kind: String
    var type: String?
    var payload: FactPayload?
    var tag: String?

    /// The event; where Autobahn looks at the length alone, the payload is the one sent.
    func event(of steps: [FactStep]) throws -> ExpectedEvent {
        let opcode: Opcode = type == "binary" ? .binary : .text
        switch kind {
        case "message", "echo":
            var content = try #require(payload)
            if case .any(let length) = content {
                content = try #require(steps.compactMap(\.payload).first)
                #expect(content.payload.count == length)
            }
            return kind == "echo" ? .echoes(opcode, content.payload) : .message(opcode, content.payload)
        case "pong": return .pong(try #require(payload).payload)
        default: return .stillOpen(tag: try #require(tag))
        }
    }
}

/// Something that Autobahn does.
struct FactStep: Decodable, Sendable {
    var `do`: String
    var op: UInt8?
    var fin: Bool?
    var rsv: UInt8?
    var payload: FactPayload?
    var sync: Bool?
    var chop: Int?
    var fragment: Int?
    var frames: Int?
    var lastFrameLength: Int?
    var tag: String?
    var declaredLength: Int?
    var count: Int?

    /// The same in our words.
    var step: Step {
        get throws {
            let opcode = op.map { Opcode(rawValue: $0) }
            switch self.do {
            case "close": return .startClosingHandshake(body: try #require(payload).payload)
            case "frameData": return .continueFrame(try #require(payload).payload)
            case "frameHeader":
                return .beginFrame(
                    fin: fin ?? true,
                    opcode: try #require(opcode),
                    length: try #require(declaredLength)
                )
            case "echoLoop":
                return .echoLoop(
                    EchoLoop(
                        try #require(opcode),
                        try #require(payload).payload,
                        fullCount: try #require(count),
                        quickCount: 50
                    )
                )
            case "message" where fragment != nil:
                let message = MessageToSend(
                    try #require(opcode),
                    try #require(payload).payload,
                    fragmentLength: try #require(fragment)
                )
                #expect(message.frameCount == frames)
                if let lastFrameLength {
                    #expect(message.range(ofFrame: message.frameCount - 1).count == lastFrameLength)
                }
                return .sendMessage(message)
            default:
                let pacing: WritePacing = chop.map { .pieces($0) } ?? (sync == true ? .separately : .together)
                return .send(
                    FrameToSend(
                        try #require(opcode),
                        try #require(payload).payload,
                        fin: fin ?? true,
                        rsv: rsv ?? 0,
                        pacing: pacing
                    )
                )
            }
        }
    }
}

/// Octets in hex, a unit that is repeated, or a length alone.
enum FactPayload: Decodable, Sendable {
    case octets([UInt8])
    case repeating(unit: [UInt8], length: Int)
    case any(length: Int)

    private enum Key: CodingKey {
        case unit
        case length
        case any
    }

    init(from decoder: any Decoder) throws {
        if let hex = try? decoder.singleValueContainer().decode(String.self) {
            self = .octets(try Self.octets(hex))
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        if let length = try container.decodeIfPresent(Int.self, forKey: .any) {
            self = .any(length: length)
        } else {
            let unit = try Self.octets(try container.decode(String.self, forKey: .unit))
            self = .repeating(unit: unit, length: try container.decode(Int.self, forKey: .length))
        }
    }

    /// The payload; empty for a length alone.
    var payload: Payload {
        switch self {
        case .octets(let octets): .octets(octets)
        case .repeating(let unit, let length): .repeating(unit: unit, length: length)
        case .any: .empty
        }
    }

    private static func octets(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.utf8)
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16))
        }
    }
}

import WSLink
import WSModelPeer
import WSProtocol

extension ModelDefect {
    /// The trials of the defects that show in what the server sends, and in how it closes.
    var sendingTrial: DefectTrial {
        let hello = frame(.text, "Hello")
        let echo = Conversation.Frame(.text, "Hello")
        switch self {
        case .masksFrames: return DefectTrial(hello, close()) { $0.frames.first?.isMasked == true }
        case .setsRSV1: return DefectTrial(hello, close()) { $0.frames.first?.rsv == 4 }
        case .sendsReservedOpcode:
            return DefectTrial(hello, close(), gives: .init(Opcode(rawValue: 3), ""), echo, .close(1000))
        case .sendsOrphanContinuation:
            return DefectTrial(hello, close(), gives: .init(.continuation, ""), echo, .close(1000))
        case .interleavesEcho:
            return DefectTrial(hello, close(), gives: .init(.text, "", fin: false), echo, .close(1000))
        case .nonMinimalLength: return DefectTrial(hello, close()) { $0.frames.first?.isMinimal == false }
        case .lengthTopBit: return DefectTrial(hello, close()) { $0.violations.contains(.lengthTopBit) }
        case .neverPongs: return DefectTrial(frame(.ping, "p"), close(), gives: .close(1000))
        case .wrongPongPayload:
            return DefectTrial(
                frame(.ping, "pa"),
                frame(.ping),
                close(),
                gives: .init(.pong, "p`"),
                .init(.pong, "x"),
                .close(1000)
            )
        case .oversizedPong: return DefectTrial(frame(.ping, "p"), close()) { $0.frames.first?.payload.count == 126 }
        case .fragmentsPong:
            return DefectTrial(
                frame(.ping, "pq"),
                close(),
                gives: .init(.pong, "p", fin: false),
                .init(.continuation, "q"),
                .close(1000)
            )
        case .gluesMessageIntoPong:
            return DefectTrial(
                frame(.text, "a", fin: false),
                frame(.ping, "p"),
                frame(.continuation, "b"),
                close(),
                gives: .init(.pong, "ap"),
                .init(.text, "ab"),
                .close(1000)
            )
        case .pongAfterEcho:
            return DefectTrial(frame(.ping, "p"), hello, close(), gives: echo, .init(.pong, "p"), .close(1000))
        case .answersOnlyLastPing:
            return DefectTrial(frame(.ping, "p"), frame(.ping, "q"), close(), gives: .init(.pong, "q"), .close(1000))
        case .unsolicitedPong: return DefectTrial(hello, close(), gives: .init(.pong, ""), echo, .close(1000))
        case .pingsInsideFrames: return DefectTrial(hello, close(), gives: .init(.ping, "inside"), echo, .close(1000))
        case .answersPong: return DefectTrial(frame(.pong, "p"), close(), gives: .init(.pong, "p"), .close(1000))
        case .rejectsPong: return DefectTrial(frame(.pong, "p"), close(), gives: .close(1002))
        case .dropsEcho: return DefectTrial(hello, close(), gives: .close(1000))
        case .echoesTwice: return DefectTrial(hello, close(), gives: echo, echo, .close(1000))
        case .corruptsEcho: return DefectTrial(hello, close(), gives: .init(.text, "Helln"), .close(1000))
        case .truncatesEcho: return DefectTrial(hello, close(), gives: .init(.text, "Hell"), .close(1000))
        case .wrongEchoType:
            return DefectTrial(
                hello,
                frame(.binary, [1]),
                close(),
                gives: .init(.binary, "Hello"),
                .init(.text, [1]),
                .close(1000)
            )
        case .invalidUTF8Echo: return DefectTrial(hello, close()) { $0.violations.contains(.invalidUTF8) }
        case .truncatedUTF8Echo: return DefectTrial(hello, close()) { $0.violations.contains(.truncatedUTF8) }
        case .fragmentsEcho:
            return DefectTrial(
                hello,
                close(),
                gives: .init(.text, "He", fin: false),
                .init(.continuation, "llo"),
                .close(1000)
            )
        case .echoesFragments:
            return DefectTrial(
                frame(.text, "a", fin: false),
                frame(.continuation, "b"),
                close(),
                gives: .init(.text, "a"),
                .init(.text, "b"),
                .close(1000)
            )
        case .restartsKeyPerRead:
            // More than a read, whose first one has the handshake before it.
            let octets = [UInt8](repeating: 0x61, count: 200_003)
            return DefectTrial(frame(.binary, octets), close()) { $0.frames.first?.payload != octets }
        default: return closingTrial
        }
    }

    private var closingTrial: DefectTrial {
        let violation = frame(.text, "a", rsv: 1)
        switch self {
        case .dropsWithoutClose: return DefectTrial(violation) { $0.frames.isEmpty && $0.end == .finished }
        case .wrongFailureCode: return DefectTrial(violation, gives: .close(1000))
        case .processesAfterFailure:
            return DefectTrial(
                violation,
                frame(.ping),
                close(),
                gives: .close(1002),
                .init(.text, "a"),
                .init(.pong, "")
            )
        case .answersBehindViolation:
            return DefectTrial(
                violation,
                frame(.ping),
                gives: .init(.text, "a"),
                .init(.pong, ""),
                .close(1002)
            )
        case .ignoresClose: return DefectTrial(close()) { $0.frames.isEmpty && $0.end == .closedHere }
        case .repliesWrongCode: return DefectTrial(close(), gives: .close(1001))
        case .repliesEmptyClose: return DefectTrial(close(), gives: .init(.close, ""))
        case .echoesCloseReason:
            return DefectTrial(close(1000, reason: "bye")) {
                $0.frames == [.init(.close, [0x03, 0xE8] + Array("bye".utf8))]
            }
        case .repliesOneByteClose: return DefectTrial(close(), gives: .init(.close, [0x03]))
        case .replies999: return DefectTrial(close(), gives: .close(999))
        case .replies1004: return DefectTrial(close(), gives: .close(1004))
        case .replies1005: return DefectTrial(close(), gives: .close(1005))
        case .replies1006: return DefectTrial(close(), gives: .close(1006))
        case .replies1010: return DefectTrial(close(), gives: .close(1010))
        case .replies1015: return DefectTrial(close(), gives: .close(1015))
        case .replies2999: return DefectTrial(close(), gives: .close(2999))
        case .replies5000: return DefectTrial(close(), gives: .close(5000))
        case .closeReasonNotUTF8: return DefectTrial(close()) { $0.violations == [.closeReasonNotUTF8] }
        case .dataAfterClose: return DefectTrial(close(), gives: .close(1000), .init(.text, "after Close"))
        case .repeatsClose: return DefectTrial(close(), gives: .close(1000), .close(1000))
        case .neverClosesTCP: return DefectTrial(close()) { $0.frames == [.close(1000)] && $0.end == .closedHere }
        case .resetsAfterClose: return DefectTrial(close()) { $0.closingTime >= ModelServer.timeBeforeReset }
        default:
            // Fails the test of a defect that no switch above has.
            return DefectTrial(close()) { _ in false }
        }
    }
}

package import WSHTTP2
import WSKernels

/// What one end of an HTTP/2 connection sends, described by a few octets; most recipes give frames that are right.
///
/// The first octet says which end it is. Then come operations, each of an octet and its arguments: a frame, some that
/// belong together, or octets as they are.
package struct HTTP2Recipe: Sendable {
    /// The end that sends.
    package let sender: HTTP2Role

    private var cursor: OctetCursor
    private var encoder = HPACKEncoder()
    private var count = 0
    private var isBegun = false

    /// How many operations are read.
    private static let most = 64
    /// The streams that it uses.
    static let streams: [UInt32] = [1, 3, 5, 7, 2, 4, 0, 0x7FFF_FFFF]

    /// Reads which end it is.
    package init(_ input: Span<UInt8>) {
        cursor = OctetCursor(octets: Array(copying: input))
        sender = cursor.next() & 1 == 0 ? .client : .server
    }

    /// The octets of the next operation; nil after the last one.
    package mutating func next() -> [UInt8]? {
        guard isBegun else {
            isBegun = true
            let settings = HTTP2Frame.settings().encoded + HTTP2Frame.settingsAcknowledgment.encoded
            return (sender == .client ? HTTP2Frame.preface : []) + settings
        }
        count += 1
        guard !cursor.isAtEnd, count <= Self.most else { return nil }
        let operation = cursor.next()
        if operation & 15 == 12 { return cursor.take(Int(cursor.next())) }
        var frames = frames(operation)
        // One in sixteen has its header changed.
        if operation >> 4 == 15, !frames.isEmpty {
            let change = cursor.next()
            frames[0] = frames[0].with { Self.change(&$0, change) }
        }
        return frames.flatMap(\.encoded)
    }

    private static func change(_ frame: inout HTTP2Frame, _ change: UInt8) {
        switch change & 7 {
        case 0: frame.declaredLength = UInt32(change >> 3)
        case 1: frame.declaredLength = UInt32(frame.writtenLength + 1)
        case 2: frame.reservedBit = true
        case 3: frame.flags.insert(.padded)
        case 4: frame.flags.insert(.priority)
        case 5: frame.flags.formSymmetricDifference(.endHeaders)
        case 6: frame.flags.formSymmetricDifference(.endStream)
        default: frame.streamID = Self.streams[Int(change >> 3) & 7]
        }
    }

    private mutating func streamID() -> UInt32 { Self.streams[cursor.index(of: Self.streams.count)] }

    private mutating func number() -> UInt32 {
        let values: [UInt32] = [0, 1, 100, 16_383, 16_384, 65_535, 1 << 24 - 1, 1 << 31 - 1]
        let octet = cursor.next()
        return octet & 0x80 == 0 ? values[Int(octet & 7)] : UInt32(octet & 0x7F)
    }

    // MARK: - Frames

    private mutating func frames(_ operation: UInt8) -> [HTTP2Frame] {
        let variant = operation >> 4
        switch operation & 15 {
        case 0: return [data(variant)]
        case 1: return [.headers(block(variant), on: streamID(), endStream: variant & 1 != 0)]
        case 2:
            let octets = cursor.take(Int(cursor.next()))
            return [.headers(octets, on: streamID(), endStream: variant & 1 != 0, padding: padding(variant))]
        case 3: return [.priority(HTTP2Priority(dependency: 0, weight: cursor.next()), on: streamID())]
        case 4: return [.resetStream(streamID(), HTTP2ErrorCode(rawValue: UInt32(variant)))]
        case 5: return [.settings(settings(Int(variant & 3)))]
        case 6: return [.settingsAcknowledgment]
        case 7: return [.ping([1, 2, 3, 4, 5, 6, 7, variant], isAcknowledgment: variant & 1 != 0)]
        case 8: return [.goAway(lastStreamID: streamID(), HTTP2ErrorCode(rawValue: UInt32(variant)))]
        case 9: return [.windowUpdate(number(), on: variant & 1 != 0 ? 0 : streamID())]
        case 10:
            let interruption = variant & 4 != 0 ? [HTTP2Frame.ping([8, 7, 6, 5, 4, 3, 2, 1])] : []
            return HTTP2Frame.fieldBlock(
                block(variant),
                on: streamID(),
                endStream: variant & 1 != 0,
                fragmentLength: Int(cursor.next() & 15) + 1,
                interruption: interruption
            )
        case 11:
            // Types 10 to 16 are extensions, which others may know.
            let type = HTTP2FrameType(rawValue: 0x20 + variant)
            return [HTTP2Frame(type: type, streamID: streamID(), payload: cursor.take(Int(variant)))]
        case 13:
            let type = HTTP2FrameType(rawValue: cursor.next() % 10)
            let flags = HTTP2Flags(rawValue: cursor.next())
            return [HTTP2Frame(type: type, flags: flags, streamID: streamID(), payload: cursor.take(Int(variant)))]
        case 14: return [.pushPromise(block(0), of: streamID(), on: streamID())]
        default: return [.continuation(block(variant), on: streamID())]
        }
    }

    private mutating func data(_ variant: UInt8) -> HTTP2Frame {
        let length = Int(cursor.next()) << (variant & 4 == 0 ? 0 : 6)
        return .data(
            [UInt8](repeating: 0x61, count: length),
            on: streamID(),
            endStream: variant & 1 != 0,
            padding: padding(variant)
        )
    }

    private mutating func padding(_ variant: UInt8) -> HTTP2Padding? {
        variant & 2 == 0 ? nil : HTTP2Padding(cursor.next())
    }

    private mutating func settings(_ count: Int) -> [HTTP2Setting] {
        (0..<count).map { _ in
            HTTP2Setting(.init(rawValue: UInt16(cursor.next() % 10)), number())
        }
    }

    /// A block with the fields of a request or a response, now and then with something wrong.
    private mutating func block(_ variant: UInt8) -> [UInt8] {
        var fields: [FieldLine]
        if sender == .server {
            let status = ["200", "200", "404", "103", "204", "101", "20", "304"][Int(variant & 7)]
            fields = [FieldLine(":status", status), FieldLine("server", "other")]
        } else if variant & 2 == 0 {
            fields = [("method", "GET"), ("scheme", "https"), ("path", "/"), ("authority", "a.example")]
                .map { FieldLine(":" + $0.0, $0.1) }
        } else {
            fields = [
                ("method", "CONNECT"), ("protocol", "websocket"), ("scheme", "https"), ("path", "/chat"),
                ("authority", "a.example"),
            ].map { FieldLine(":" + $0.0, $0.1) }
            fields.append(FieldLine("sec-websocket-version", "13"))
        }
        guard variant & 8 != 0 else { return encoder.encode(fields) }
        let change = cursor.next()
        let extra: [(String, String)] = [
            ("connection", "close"), ("te", "trailers"), ("te", "gzip"), ("Upper", "case"), ("content-length", "3"),
            (":path", "/"), ("a", "b\u{0}"), ("host", "other.example"),
        ]
        switch change & 3 {
        case 0: fields.remove(at: Int(change >> 2) % fields.count)
        case 1: fields.append(FieldLine(extra[Int(change >> 2) & 7].0, extra[Int(change >> 2) & 7].1))
        case 2: fields.swapAt(0, fields.count - 1)
        default:
            return encoder.encode(fields) + HPACKDefect.allCases[Int(change >> 2) % HPACKDefect.allCases.count].octets
        }
        return encoder.encode(fields)
    }
}

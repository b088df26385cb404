import WSConform
import WSKernels
import WSLink
import WSProtocol
import WSRender

/// What goes over a link, as lines that are written while it goes.
///
/// Each write and each read is a line with its first octets. What it completes stands below: lines of heads, frames,
/// and rules that are broken.
struct LiveText: Sendable {
    private var ours: Direction
    private var theirs: Direction
    /// Whether our next frame holds what is to be masked; under its masking key nothing would find it.
    private var hidesNextFrame: Bool
    /// What the link is, for the line about its end.
    private let link: String

    /// Creates the text of a link on which we are the client.
    ///
    /// - Parameters:
    ///   - hidesFirstMessage: Whether the first frame that we send is told without its octets.
    ///   - isOnStream: Whether the link is a stream of HTTP/2, whose octets are frames from the first one.
    init(hidesFirstMessage: Bool = false, isOnStream: Bool = false) {
        hidesNextFrame = hidesFirstMessage
        link = isOnStream ? "the stream" : "TCP"
        ours = Direction(sender: .client, hasHead: !isOnStream)
        theirs = Direction(sender: .server, hasHead: !isOnStream)
    }

    /// The lines for something that happened.
    mutating func lines(for sight: LinkSight, at now: LinkInstant) -> [String] {
        let time = Self.seconds(now.nanoseconds)
        switch sight {
        case .connected: return ["\(time) = connected"]
        case .secured(let facts):
            return ["\(time) = \(([facts.version] + [facts.cipher].compactMap(\.self)).joined(separator: ", "))"]
        case .sent(let octets):
            let isHead = ours.isInHead
            let raw = Self.raw(octets, isHidden: isHead || hidesNextFrame)
            if !isHead { hidesNextFrame = false }
            return ["\(time) > \(raw)"] + ours.take(octets).map { Self.below + "> \($0)" }
        case .received(let octets):
            let raw = Self.raw(octets, isHidden: theirs.isInHead)
            let lines = theirs.take(octets).map { Self.below + "< \($0)" }
            if theirs.compresses { ours.permitCompression() }
            return ["\(time) < \(raw)"] + lines
        case .fields(let fields, let isSent):
            let compresses = fields.contains { field in
                field.name == "sec-websocket-extensions" && field.value.contains("permessage-deflate")
            }
            if !isSent, compresses {
                ours.permitCompression()
                theirs.permitCompression()
            }
            return fields.map { "\(time) \(isSent ? ">" : "<") \($0.name): \($0.value)" }
        case .carrier(let line, let isSent): return ["\(time) \(isSent ? ">" : "<") \(line)"]
        case .ended(let end): return ["\(time) = \(sentence(of: end))"]
        }
    }

    /// The blanks in place of a time.
    private static let below = String(repeating: " ", count: 10)
    private static let mostOctets = 24

    /// The seconds since the connection began, with three decimals, on the right of nine columns.
    private static func seconds(_ nanoseconds: Int64) -> String {
        let milliseconds = max(0, nanoseconds) / 1_000_000
        let decimals = String(milliseconds % 1000)
        let zeros = String(repeating: "0", count: 3 - decimals.count)
        return TextStyle.right("\(milliseconds / 1000).\(zeros)\(decimals)", 9)
    }

    /// How many octets, and the first of them in digits, unless those stand below as text or are to be hidden.
    private static func raw(_ octets: [UInt8], isHidden: Bool) -> String {
        let count = OctetCount.text(octets.count)
        guard !isHidden else { return count }
        return "\(count)  0x\(Hex.encode(Array(octets.prefix(mostOctets))))\(octets.count > mostOctets ? " …" : "")"
    }

    private func sentence(of end: LinkEnd) -> String {
        switch end {
        case .notConnected(let reason), .notSecured(let reason): reason
        case .finished: "\(link) ended by the peer"
        case .truncated where link == "TCP": "TCP ended by the peer, without the end of TLS"
        case .truncated: "the connection ended by the peer, without END_STREAM"
        case .reset: "\(link) reset by the peer"
        case .closedHere: "\(link) ended by us"
        }
    }

    /// One direction of a link: heads, and frames behind them.
    private struct Direction: Sendable {
        private let sender: Role
        /// Reads the head that is due; nil behind it, and behind what is no head.
        private var head: HTTPHeadDecoder?
        private var isHTTP = true
        private var decoder: StreamDecoder
        private var frame: FrameHeader?
        private var excerpt: [UInt8] = []
        /// Whether the head agrees to compress messages.
        private(set) var compresses = false

        /// Whether a head is being read, whose lines stand for its octets.
        var isInHead: Bool { head != nil }

        private static let mostPayload = 60

        init(sender: Role, hasHead: Bool) {
            self.sender = sender
            if hasHead { head = HTTPHeadDecoder(expecting: sender == .client ? .request : .response) }
            decoder = StreamDecoder(sender: sender)
        }

        /// Takes compressed messages for what they are.
        mutating func permitCompression() { decoder.permittedRSV = 4 }

        /// What these octets complete, a line each.
        mutating func take(_ octets: [UInt8]) -> [String] {
            var lines: [String] = []
            var position = 0
            while head != nil, position < octets.count {
                let outcome = head?.feed(octets.span.extracting(position..<octets.count))
                guard case .complete(let whole, let consumed)? = outcome else {
                    // What is no head is shown as octets alone.
                    if outcome != .needMore { (head, isHTTP) = (nil, false) }
                    return lines
                }
                position += consumed
                lines += read(whole)
            }
            guard isHTTP else { return lines }
            while let event = decoder.next(in: octets.span, at: &position) {
                if let line = line(for: event, octets) { lines.append(line) }
            }
            return lines
        }

        private mutating func read(_ whole: HTTPHead) -> [String] {
            // The final answer comes behind interim ones.
            let status = sender == .server ? StatusLine(whole)?.code : nil
            let isInterim = status.map { $0 < 200 && $0 != 101 } ?? false
            head = isInterim ? HTTPHeadDecoder(expecting: .response) : nil
            // Content follows an answer that refuses.
            if let status, status >= 200 { isHTTP = false }
            if status == 101, Negotiation(whole).compression != nil {
                compresses = true
                permitCompression()
            }
            return String(decoding: whole.raw, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        }

        private mutating func line(for event: StreamEvent, _ octets: [UInt8]) -> String? {
            switch event {
            case .frame(let header, _): (frame, excerpt) = (header, [])
            case .payload(let chunk, let offset, _):
                guard excerpt.count < Self.mostPayload else { return nil }
                var part = Array(octets[chunk].prefix(Self.mostPayload - excerpt.count))
                frame?.maskingKey?.apply(to: &part, payloadOffset: offset)
                excerpt += part
            case .frameEnd: return frame.map { describe($0) }
            case .messageEnd(let message) where message.frameCount > 1:
                let size = OctetCount.text(message.length)
                return "a \(message.opcode.name) message of \(size) in \(message.frameCount) frames"
            case .violation(let violation): return "breaks \(violation.rule.rawValue)"
            default: break
            }
            return nil
        }

        private func describe(_ header: FrameHeader) -> String {
            var words = [header.opcode.name]
            if header.fin { words.append("FIN") }
            words += [(4, "RSV1"), (2, "RSV2"), (1, "RSV3")].filter { header.rsv & $0.0 != 0 }.map(\.1)
            if header.maskingKey != nil { words.append("masked") }
            words.append(OctetCount.text(header.payloadLength))
            if header.opcode == .close {
                let body = CloseBody.decode(excerpt)
                if let code = body.code { words.append("\(code)") }
                if !body.reason.isEmpty { words.append(PayloadText.quoted(body.reason)) }
            } else if !excerpt.isEmpty {
                words.append(PayloadText.quoted(excerpt) + (header.payloadLength > UInt64(excerpt.count) ? "…" : ""))
            }
            return words.joined(separator: " ")
        }
    }
}

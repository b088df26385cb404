import WSHTTP2
import WSKernels

/// Compares the observer of HTTP/2 with another end of the connection, which reads the same.
///
/// Properties: events do not depend on how the octets are cut; the frames and fields are those that the other end
/// reads; what it refuses violates a rule; what requires that a stream or the connection ends is refused; and what it
/// writes itself, until then, violates none.
package struct HTTP2Body<Reference: HTTP2Reference>: FuzzBody {
    package static var name: String { "http2" }
    package static var maximumInputLength: Int { 1_024 }
    package static var shape: InputShape { .octets }

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var recipe = HTTP2Recipe(input)
        var trial = Trial(sender: recipe.sender)
        while let octets = recipe.next() {
            if let finding = trial.take(octets) { return finding }
        }
        return nil
    }

    private struct Trial {
        let sender: HTTP2Role
        var observer: HTTP2Observer
        /// The same, fed octet by octet.
        var dripped: HTTP2Observer
        var reference: Reference
        var frames: [HTTP2ReferenceFrame] = []
        var otherFrames: [HTTP2ReferenceFrame] = []
        var octets: [UInt8] = []
        /// What was wrong in a frame or a field block that has not ended, so that the other end may not know it yet.
        var open: [HTTP2Violation] = []
        /// Whether anything was wrong, after which both ends go on in ways of their own.
        var isOver = false

        init(sender: HTTP2Role) {
            self.sender = sender
            observer = HTTP2Observer(role: sender.opposite)
            dripped = observer
            reference = Reference(role: sender.opposite)
        }

        mutating func take(_ piece: [UInt8]) -> Finding? {
            if !isOver, let finding = takeWritten(reference.receive([]).written) { return finding }
            octets += piece
            let closed = HTTP2Recipe.streams.filter { observer.state(of: $0)?.isClosed == true }
            let events = Self.feed(&observer, piece, .received)
            var drops = Events()
            for octet in piece { drops.add(Self.feed(&dripped, [octet], .received)) }
            guard drops == events else {
                return finding("events do not depend on the pieces", "\(events)\n\(drops)")
            }
            guard !isOver else { return nil }
            let reply = reference.receive(piece)
            // The other end drops what manages a stream that is over.
            for frame in events.frames where !closed.contains(where: frame.manages) { frames.join(frame) }
            for frame in reply.frames where !closed.contains(where: frame.manages) { otherFrames.join(frame) }
            let finding = compare(events.violations, reply)
            // It also forgets the streams that a GOAWAY does not name, and ends where none is left.
            if observer.goAway(.received) != nil { isOver = true }
            return finding
        }

        private mutating func compare(_ all: [HTTP2Violation], _ reply: HTTP2ReferenceReply) -> Finding? {
            open += all
            if let error = reply.error {
                isOver = true
                guard !open.isEmpty || Leniency.refusesMore(error) else {
                    return finding("what the other end refuses violates a rule", error)
                }
                return nil
            }
            if observer.isInsideFrame(.received) { return takeWritten(reply.written) }
            let first = open.first { $0.due.scope != .nothing }
            guard let first else {
                open = []
                guard frames == otherFrames else {
                    return finding("frames are those of the other end", "\(frames)\n\(otherFrames)")
                }
                return takeWritten(reply.written)
            }
            isOver = true
            guard !first.due.isRequired || Leniency.takes(first, from: sender) else {
                return finding("what has to end is ended by the other end", "\(first)\n\(otherFrames)")
            }
            return nil
        }

        /// Observes what the other end writes.
        private mutating func takeWritten(_ written: [UInt8]) -> Finding? {
            guard !written.isEmpty else { return nil }
            let events = Self.feed(&observer, written, .sent)
            _ = Self.feed(&dripped, written, .sent)
            guard events.violations.isEmpty else {
                return finding("what the other end writes is right", "\(Hex.encode(written))\n\(events.violations)")
            }
            return nil
        }

        private func finding(_ property: String, _ detail: String) -> Finding {
            Finding(property, "\(sender.rawValue) \(Hex.encode(octets.prefix(4_096) + []))\n\(detail)")
        }

        private static func feed(
            _ observer: inout HTTP2Observer,
            _ octets: [UInt8],
            _ direction: HTTP2Direction
        ) -> Events {
            var events = Events()
            var position = 0
            while let event = observer.next(in: octets.span, at: &position, direction) { events.add(event, octets) }
            return events
        }
    }

    /// What came of some octets: frames that had an effect, violations, and all other events.
    private struct Events: Equatable {
        var frames: [HTTP2ReferenceFrame] = []
        var violations: [HTTP2Violation] = []
        var others: [HTTP2Event] = []

        mutating func add(_ more: Events) {
            for frame in more.frames { frames.join(frame) }
            violations += more.violations
            others += more.others
        }

        mutating func add(_ event: HTTP2Event, _ octets: [UInt8]) {
            switch event {
            case .data(let streamID, let chunk):
                frames.join(.data(streamID, Array(octets[chunk]), endStream: false))
            case .frameEnd(let header, let payload, _):
                others.append(event)
                if let frame = HTTP2ReferenceFrame(header, payload) { frames.join(frame) }
            case .section(let section):
                others.append(event)
                if !section.isPromised {
                    frames.append(.headers(section.streamID, section.fields, endStream: section.endsStream))
                } else {
                    frames.append(.promise(section.carrierID, of: section.streamID, section.fields))
                }
            case .violation(let violation): violations.append(violation)
            default: others.append(event)
            }
        }
    }
}

extension HTTP2ReferenceFrame {
    /// Whether the frame is a WINDOW_UPDATE, RST_STREAM or PRIORITY of a stream.
    fileprivate func manages(_ streamID: UInt32) -> Bool {
        switch self {
        case .windowUpdate(streamID, _), .reset(streamID, _), .priority(streamID): true
        default: false
        }
    }

    /// A frame that is no part of a field block.
    fileprivate init?(_ header: HTTP2FrameHeader, _ payload: HTTP2Payload) {
        switch payload {
        case .data: self = .data(header.streamID, [], endStream: header.endsStream)
        case .priority: self = .priority(header.streamID)
        case .resetStream(let code): self = .reset(header.streamID, code)
        case .settings(let settings): self = .settings(settings)
        case .settingsAcknowledgment: self = .settingsAcknowledgment
        case .ping(let octets, let isAcknowledgment): self = .ping(octets, isAcknowledgment: isAcknowledgment)
        case .goAway(let last, let code, let data): self = .goAway(last, code, data)
        case .windowUpdate(let increment): self = .windowUpdate(header.streamID, increment)
        case .headers, .pushPromise, .continuation, .unknown, .malformed: return nil
        }
    }
}

/// Where SwiftNIO's handler takes what RFC 9113 has it refuse, or refuses more.
private enum Leniency {
    /// Whether it takes what breaks a rule, sent by that end.
    static func takes(_ violation: HTTP2Violation, from sender: HTTP2Role) -> Bool {
        switch violation.rule {
        // It reads an interim response with END_STREAM, te in responses, and a server's ENABLE_PUSH.
        case .interimWithEnd, .teValue, .enablePushByServer: true
        // Its streams have sent END_STREAM, so that it may ignore WINDOW_UPDATE on them (section 5.1).
        case .windowIncrementZero, .windowOverflow: sender == .server && violation.streamID != 0
        default: false
        }
    }

    /// Whether an error is about what no rule forbids.
    static func refusesMore(_ error: String) -> Bool {
        // It wants streams of its own in GOAWAY, content of CONNECT (RFC 9110 section 9.3.6 knows none), and a path
        // for schemes other than http and https, too.
        error.contains("ReceivingGoAwayState") && error.hasPrefix("InvalidStreamIDForPeer")
            || error.hasPrefix("ContentLengthViolated") || error.hasPrefix("InvalidPseudoHeaderValue")
    }
}

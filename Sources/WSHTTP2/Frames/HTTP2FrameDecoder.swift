import WSLimits

/// Divides what one endpoint sends into frames, reports each violation that shows in a frame or in the order of frames
/// of one direction, and goes on.
///
/// Events are pulled, and nil means that all octets of the span are used:
///
///     var position = 0
///     while let event = decoder.next(in: bytes, at: &position) { … }
///
/// DATA are handed on as they come and not stored. Of other frames no more is kept than `frame-payload` allows, of a
/// field block no more than `field-block`. Where RFC 9113 ends the connection, the decoder continues with the most
/// literal reading: a frame is as long as its header says, flags without meaning have none, padding that does not fit
/// leaves no payload, and a field block goes on behind a frame that interrupts it, unless that begins another one.
package struct HTTP2FrameDecoder: Sendable {
    /// The endpoint whose octets are read.
    package let sender: HTTP2Role
    /// The largest payload that the other endpoint takes: its SETTINGS_MAX_FRAME_SIZE.
    package var maximumFrameSize: UInt32 = 16_384
    /// The offset of the next octet to be fed.
    package private(set) var streamOffset: UInt64
    /// The header of the frame whose payload is being read; nil between frames.
    package private(set) var currentHeader: HTTP2FrameHeader?

    private enum Stage: Sendable { case preface, header, padLength, content, padding, lost }

    private var stage: Stage
    /// The octets of the preface or the header so far.
    private var taken = 0
    private var headerOctets: UInt64 = 0
    private var isFirstFrame = true
    /// The offset of the current frame.
    var frameOffset: UInt64 = 0
    private var contentLength = 0
    private var contentRemaining = 0
    private var paddingRemaining = 0
    /// Whether the payload of the current frame is passed over, because nothing in it can be read.
    var isSkipped = false
    private var hasReportedPadding = false
    /// What is kept of the current frame, unless it is DATA or a fragment.
    var kept: [UInt8] = []
    /// The field block that is open.
    var block: HTTP2FieldBlock?
    /// How many octets its fragments have, those that are not kept among them.
    var blockLength = 0
    /// Whether it cannot be handed on.
    var isBlockLost = false
    private var due: [HTTP2FrameEvent] = []
    private var dueIndex = 0

    /// A decoder for what the sender writes from its first octet on; a client's begins with the preface.
    package init(sender: HTTP2Role) {
        self.init(sender: sender, expectsPreface: sender == .client)
    }

    /// A decoder for what the sender writes from a stream offset on, where its first frame or the preface begins.
    package init(sender: HTTP2Role, expectsPreface: Bool, streamOffset: UInt64 = 0) {
        self.sender = sender
        self.streamOffset = streamOffset
        stage = expectsPreface ? .preface : .header
    }

    /// Whether a frame has begun and its end event has not been pulled.
    package var isInsideFrame: Bool { currentHeader != nil || stage == .header && taken > 0 }

    /// Whether a field block has begun and not ended.
    package var isInsideFieldBlock: Bool { block != nil }

    /// Whether the octets were no HTTP/2, so that nothing is read any more.
    package var isLost: Bool { stage == .lost }

    /// Returns the next event and moves the position over the octets that led to it.
    package mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> HTTP2FrameEvent? {
        precondition(position >= 0 && position <= bytes.count, "the position is outside the span")
        while true {
            if !due.isEmpty, let event = nextDue() { return event }
            switch stage {
            case .preface:
                guard let event = takePreface(bytes, at: &position) else { return nil }
                return event
            case .header:
                guard let header = takeHeader(bytes, at: &position) else { return nil }
                begin(header)
                return .frame(header, offset: frameOffset)
            case .padLength:
                guard position < bytes.count else { return nil }
                takePadLength(bytes[position])
                advance(by: 1, at: &position)
            case .content:
                guard contentRemaining > 0 else {
                    stage = .padding
                    continue
                }
                guard position < bytes.count else { return nil }
                let chunk = position..<(position + min(contentRemaining, bytes.count - position))
                let offset = contentLength - contentRemaining
                contentRemaining -= chunk.count
                advance(by: chunk.count, at: &position)
                if currentHeader?.type == .data {
                    return .data(chunk: chunk, dataOffset: offset)
                }
                if !isSkipped { take(bytes.extracting(chunk)) }
            case .padding:
                guard paddingRemaining > 0 else { return endFrame() }
                guard position < bytes.count else { return nil }
                let chunk = position..<(position + min(paddingRemaining, bytes.count - position))
                checkPadding(bytes.extracting(chunk))
                paddingRemaining -= chunk.count
                advance(by: chunk.count, at: &position)
            case .lost:
                advance(by: bytes.count - position, at: &position)
                return nil
            }
        }
    }

    // MARK: - Events that wait

    private mutating func nextDue() -> HTTP2FrameEvent? {
        guard dueIndex < due.count else { return nil }
        let event = due[dueIndex]
        dueIndex += 1
        if dueIndex == due.count {
            due.removeAll(keepingCapacity: true)
            dueIndex = 0
        }
        return event
    }

    mutating func announce(_ event: HTTP2FrameEvent) { due.append(event) }

    mutating func report(_ rule: HTTP2Rule, due: HTTP2Due? = nil, at offset: UInt64? = nil, _ detail: String) {
        let violation = HTTP2Violation(
            rule,
            offset: offset ?? frameOffset,
            streamID: currentHeader?.streamID ?? 0,
            due: due,
            detail: detail
        )
        announce(.violation(violation))
    }

    // MARK: - Octets

    private mutating func advance(by count: Int, at position: inout Int) {
        position += count
        streamOffset &+= UInt64(count)
    }

    private mutating func takePreface(_ bytes: Span<UInt8>, at position: inout Int) -> HTTP2FrameEvent? {
        let preface = HTTP2Frame.preface
        while position < bytes.count {
            guard bytes[position] == preface[taken] else {
                stage = .lost
                let offset = streamOffset
                report(.prefaceMissing, at: offset, "octet \(taken) is not that of the preface")
                return .notHTTP2(offset: offset)
            }
            taken += 1
            advance(by: 1, at: &position)
            if taken == preface.count {
                taken = 0
                stage = .header
                return .preface(end: streamOffset)
            }
        }
        return nil
    }

    private mutating func takeHeader(_ bytes: Span<UInt8>, at position: inout Int) -> HTTP2FrameHeader? {
        if taken == 0, bytes.count &- position >= HTTP2FrameHeader.encodedLength {
            frameOffset = streamOffset
            let start = position
            // The read is within the span, which has nine octets from here on.
            let first = unsafe bytes.withUnsafeBytes {
                unsafe UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            }
            let last = bytes[position &+ 8]
            advance(by: HTTP2FrameHeader.encodedLength, at: &position)
            return HTTP2FrameHeader(first: first, last: last)
        }
        while position < bytes.count {
            if taken == 0 {
                frameOffset = streamOffset
                headerOctets = 0
            }
            let octet = bytes[position]
            advance(by: 1, at: &position)
            taken += 1
            guard taken == HTTP2FrameHeader.encodedLength else {
                headerOctets = headerOctets << 8 | UInt64(octet)
                continue
            }
            taken = 0
            return HTTP2FrameHeader(first: headerOctets, last: octet)
        }
        return nil
    }

    private mutating func takePadLength(_ octet: UInt8) {
        stage = .content
        let length = Int(currentHeader?.length ?? 0)
        guard Int(octet) < length else {
            report(
                .paddingTooLong,
                due: HTTP2Due(.connection, .protocolError),
                "padding of \(octet) octets in a payload of \(length)"
            )
            skip(length - 1)
            return
        }
        contentLength = length - 1 - Int(octet)
        contentRemaining = contentLength
        paddingRemaining = Int(octet)
    }

    /// Passes over what is left of the payload, and loses the fragment in it.
    private mutating func skip(_ count: Int) {
        isSkipped = true
        if currentHeader?.type.carriesFieldBlock == true { isBlockLost = true }
        contentLength = 0
        contentRemaining = 0
        paddingRemaining = count
        hasReportedPadding = true
    }

    private mutating func checkPadding(_ bytes: Span<UInt8>) {
        guard !hasReportedPadding else { return }
        for index in 0..<bytes.count where bytes[index] != 0 {
            hasReportedPadding = true
            report(.paddingNotZero, at: streamOffset &+ UInt64(index), "an octet of the padding is \(bytes[index])")
            return
        }
    }

    // MARK: - Frames

    private mutating func begin(_ header: HTTP2FrameHeader) {
        currentHeader = header
        isSkipped = false
        hasReportedPadding = false
        if !kept.isEmpty { kept.removeAll(keepingCapacity: true) }
        let length = Int(header.length)
        contentLength = length
        contentRemaining = length
        paddingRemaining = 0
        stage = .content
        check(header, isFirst: isFirstFrame)
        isFirstFrame = false
        if header.isPadded {
            if length == 0 {
                report(
                    .frameTooShort,
                    due: frameSizeDue(header),
                    "a padded \(header.type.name) frame without octets"
                )
                skip(0)
            } else {
                stage = .padLength
            }
        }
    }

    private mutating func endFrame() -> HTTP2FrameEvent {
        stage = .header
        guard let header = currentHeader else { return .frameEnd(.malformed, end: streamOffset) }
        let padding = header.isPadded ? Int(header.length) - contentLength : 0
        let payload: HTTP2Payload
        if isSkipped {
            payload = header.type == .data ? .data(length: 0, padding: Int(header.length)) : .malformed
        } else if header.type == .data {
            payload = .data(length: contentLength, padding: padding)
        } else {
            payload = read(header, length: contentLength)
        }
        if header.type.carriesFieldBlock { endFragment(header, payload) }
        currentHeader = nil
        return .frameEnd(payload, end: streamOffset)
    }

    /// Gives up what is read of the payload.
    mutating func ignorePayload() { isSkipped = true }
}

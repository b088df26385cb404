import WSDeflate
import WSLimits
import WSProtocol
package import WSScenario
package import WSTranscript

extension Timeline {
    /// Reads a transcript; octets that do not fit the scenario are recorded as they are.
    package init(_ transcript: Transcript, scenario: Scenario) {
        let role = Role(rawValue: transcript.header.roleUnderTest) ?? .server
        var builder = TimelineBuilder(
            scenario: scenario,
            roleUnderTest: role,
            sidecar: transcript.sidecar,
            contentLimit: transcript.header.maximumMessage ?? Limits.inflatedMessage.value
        )
        builder.carrierStream = transcript.header.stream ?? 1
        for event in transcript.events { builder.add(event) }
        self = builder.timeline
    }
}

/// Builds a timeline event by event; its memory does not grow with the length of messages.
struct TimelineBuilder {
    var timeline: Timeline

    /// Whether frames of HTTP/2 are told, because the scenario is about them.
    let tellsCarrier: Bool
    /// The stream of HTTP/2 that was recorded, where one was.
    var carrierStream: UInt32 = 1
    /// The directions in which the first HEADERS of the stream have moved.
    var shownHeaders: Set<Bool> = []
    private let script: [Step]
    /// The most frames that each step sends, with any effort.
    private let frameCounts: [Int]
    private let payloads: [Payload]
    /// How many events of each kind are kept.
    private let mostOfAKind: Int
    private let sidecar: (any SidecarStore)?
    private let contentLimit: Int
    /// Decodes the client's request, if a client is under test.
    private var requestHead = HTTPHeadDecoder(expecting: .request)
    private var answer = ResponseReader()
    var headIsDone = false
    /// Whether we have sent our whole answer to the client's request.
    var hasAnswered = false
    /// Whether the last answer was a 101, so that frames follow.
    var isOpen = false
    var headOffset: UInt64 = 0
    var reader: PeerReader
    private var outgoing = FrameDecoder()
    private var outgoingHeader: FrameHeader?
    private var outgoingPayload: [UInt8] = []
    private var keptFrames = 0
    private var kept: [Kept: Int] = [:]

    private static let previewLength = 128
    private static let mostFrames = Limits.judgedFrames.value
    private static let mostMaskingKeys = Limits.judgedKeys.value
    static let mostStrayOctets = Limits.strayOctets.value
    /// How many octets of the sidecar are read at a time.
    private static let chunkLength = 65_536

    init(scenario: Scenario, roleUnderTest: Role, sidecar: (any SidecarStore)?, contentLimit: Int) {
        self.contentLimit = contentLimit
        timeline = Timeline(roleUnderTest: roleUnderTest)
        payloads = scenario.referencePayloads
        reader = PeerReader(sender: roleUnderTest, comparing: payloads, previewLength: Self.previewLength)
        tellsCarrier = scenario.stream != nil
        script = scenario.script
        frameCounts = script.map { step in Effort.allCases.map { step.frameCount(at: $0) }.max() ?? 0 }
        mostOfAKind = scenario.mostEvents
        self.sidecar = sidecar
    }

    /// Starts reading frames, after the peer's part of the opening handshake.
    mutating func beginFrames(_ negotiation: Negotiation) {
        timeline.negotiation = negotiation
        reader = PeerReader(
            sender: timeline.roleUnderTest,
            negotiation: negotiation,
            streamOffset: headOffset,
            contentLimit: contentLimit,
            comparing: payloads,
            previewLength: Self.previewLength
        )
    }

    mutating func add(_ event: TranscriptEvent) {
        switch event.kind {
        case .connected: break
        case .sent(let offset, let content): sent(content, offset: offset, at: event.time)
        case .received(let offset, let parts):
            let count = parts.reduce(0) { $0 + $1.count }
            timeline.receivedChunks[count, default: 0] += 1
            timeline.receivedCount = offset + UInt64(count)
            var place = offset
            for part in parts {
                received(part, from: place, at: event.time)
                place += UInt64(part.count)
            }
        case .mark(let mark):
            if mark == .answered { endAnswer(at: event.time) }
            if case .firstMessage = mark { beginBehindFirstMessage(at: event.time) }
            take(mark)
            append(.mark(mark), at: event.time)
        case .carrierSent(_, let parts): take(parts, isSent: true, at: event.time)
        case .carrierReceived(_, let parts): take(parts, isSent: false, at: event.time)
        case .carrierEnded(let end): timeline.carrier?.take(end)
        case .ended(let end):
            timeline.carrier?.endStream()
            append(.ended(end), at: event.time)
        }
    }

    /// The kinds of events that are counted against ``mostOfAKind`` separately.
    private enum Kept: Hashable {
        case message
        case control(Opcode)
        case close
        case violation(ViolationRule)
    }

    /// Whether one more event of this kind is kept, so that a flood of tiny frames does not fill the memory.
    private mutating func keeps(_ kind: Kept) -> Bool {
        kept[kind, default: 0] += 1
        return kept[kind, default: 0] <= mostOfAKind
    }

    mutating func append(_ kind: Timeline.Kind, at time: Int64, _ evidence: Evidence? = nil) {
        timeline.entries.append(Timeline.Entry(time: time, kind: kind, evidence: evidence))
    }

    // MARK: - Sent

    private mutating func sent(_ content: SentContent, offset: UInt64, at time: Int64) {
        let evidence = Evidence(.sent, offset: offset, length: content.count)
        timeline.sentCount = offset + content.count
        switch content {
        case .octets(let octets) where timeline.roleUnderTest == .client && !hasAnswered:
            timeline.sentChunks[octets.count, default: 0] += 1
            timeline.answer += octets
        case .octets(let octets) where timeline.content != nil && timeline.roleUnderTest == .server:
            // A second request follows a refusal.
            timeline.content = nil
            answer = ResponseReader()
            headIsDone = false
            headOffset = timeline.receivedCount
            timeline.requests.append(octets)
            timeline.sentChunks[octets.count, default: 0] += 1
            append(.request, at: time, evidence)
        case .octets(let octets) where !headIsDone && timeline.roleUnderTest == .server:
            timeline.sentChunks[octets.count, default: 0] += 1
            if timeline.requests.count > timeline.responses.count {
                timeline.requests[timeline.requests.count - 1] += octets
            } else {
                timeline.requests.append(octets)
                append(.request, at: time, evidence)
            }
        case .octets(let octets):
            timeline.sentChunks[octets.count, default: 0] += 1
            extra(octets, at: time, evidence)
        case .script(let reference):
            countScript(reference)
            append(.script(reference), at: time, evidence)
        }
    }

    private mutating func countScript(_ reference: ScriptReference) {
        let piece = min(reference.pieceLength ?? Int(clamping: reference.length), Int(clamping: reference.length))
        if piece > 0 {
            let whole = Int(clamping: reference.length) / piece
            timeline.sentChunks[piece, default: 0] += whole
            let rest = Int(clamping: reference.length) % piece
            if rest > 0 { timeline.sentChunks[rest, default: 0] += 1 }
        }
        guard script.indices.contains(reference.step) else { return }
        // A frame counts in the write that has its first octet.
        let most = frameCounts[reference.step]
        guard reference.frame >= 0, reference.frame < most else { return }
        for frame in reference.frame..<reference.frame + min(reference.frameCount, most - reference.frame) {
            if frame == reference.frame, reference.start > 0 { continue }
            guard let opcode = script[reference.step].opcode(ofFrame: frame) else { continue }
            timeline.sentFrames[opcode.rawValue, default: 0] += 1
        }
        timeline.countContinuations(of: script[reference.step], reference)
    }

    private mutating func extra(_ octets: [UInt8], at time: Int64, _ evidence: Evidence) {
        var position = 0
        let span = octets.span
        while let event = outgoing.next(in: span, at: &position) {
            switch event {
            case .header(let header, _):
                outgoingHeader = header
                outgoingPayload.removeAll(keepingCapacity: true)
            case .payload(let chunk, let payloadOffset):
                var part = Array(octets[chunk])
                outgoingHeader?.maskingKey?.apply(to: &part, payloadOffset: payloadOffset)
                outgoingPayload += part
            case .end:
                guard let header = outgoingHeader else { break }
                timeline.sentFrames[header.opcode.rawValue, default: 0] += 1
                append(.extra(header.opcode, payload: outgoingPayload), at: time, evidence)
            }
        }
    }

    // MARK: - Received

    private mutating func received(_ part: ReceivedPart, from offset: UInt64, at time: Int64) {
        switch part {
        case .octets(let octets):
            read(octets.span, at: time)
        case .sidecar(let position, let length):
            var done = 0
            while done < length {
                let octets =
                    sidecar?.read(position: position + done, length: min(Self.chunkLength, length - done)) ?? []
                guard !octets.isEmpty else { return }
                read(octets.span, at: time)
                done += octets.count
            }
        case .message(let summary): skip(summary, from: offset, at: time)
        case .payload(let index, let start, let length):
            skip(payload: index, start: start, length: length, at: time)
        }
    }

    private mutating func read(_ bytes: Span<UInt8>, at time: Int64) {
        // A loop, because a hostile peer can put thousands of interim responses into one segment.
        var start = 0
        while !headIsDone {
            guard start < bytes.count else { return }
            start += readHead(bytes.extracting(start..<bytes.count), at: time)
        }
        // What follows a refusal is the content of the response, not frames.
        let rest = bytes.extracting(start..<bytes.count)
        guard isOpen else {
            if timeline.roleUnderTest == .server { _ = timeline.content?.feed(rest) }
            return
        }
        guard !asksAgain(rest) else { return }
        take(rest, at: time)
    }

    /// Reads octets up to the end of one head and returns how many it used.
    private mutating func readHead(_ bytes: Span<UInt8>, at time: Int64) -> Int {
        let strayCount = min(bytes.count, Self.mostStrayOctets - timeline.strayOctets.count)
        for index in 0..<strayCount { timeline.strayOctets.append(bytes[index]) }
        guard timeline.roleUnderTest == .server else { return readRequest(bytes, at: time) }
        var consumed = 0
        switch answer.next(in: bytes, at: &consumed) {
        case nil: break
        case .notHTTP: headIsDone = true
        case .interim(let response):
            _ = endHead(response)
            if !answer.hasTooManyInterim { timeline.interimResponses.append(response) }
        case .final(let response):
            let evidence = endHead(response)
            headIsDone = true
            timeline.responses.append(response)
            append(.response, at: time, evidence)
            isOpen = HandshakeRules.accepts(response, request: HTTPHead(kind: .request, raw: timeline.request))
            if !isOpen {
                let method = String(decoding: timeline.request.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
                timeline.content = HTTPContentDecoder(after: response, method: method)
            }
            beginFrames(Negotiation(response))
        }
        return consumed
    }

    private mutating func readRequest(_ bytes: Span<UInt8>, at time: Int64) -> Int {
        switch requestHead.feed(bytes) {
        case .needMore: return bytes.count
        case .tooLarge, .notHTTP:
            headIsDone = true
            return bytes.count
        case .complete(let request, let consumed):
            take(request: request, at: time, endHead(request))
            return consumed
        }
    }

    /// Handles a complete head and returns where it was.
    private mutating func endHead(_ head: HTTPHead) -> Evidence {
        timeline.strayOctets = []
        let evidence = Evidence(.received, offset: headOffset, length: UInt64(head.raw.count))
        headOffset += evidence.length
        return evidence
    }

    private mutating func skip(payload index: Int, start: Int, length: Int, at time: Int64) {
        reader.skip(payload: index, start: start, length: length)
        let none: [UInt8] = []
        take(none.span, at: time)
    }

    /// Records a compressed message of which only a summary was kept.
    private mutating func skip(_ summary: CompressedSummary, from offset: UInt64, at time: Int64) {
        guard headIsDone, isOpen, reader.skipMessage(octets: UInt64(summary.length), equalTo: summary.payload) else {
            return
        }
        let opcode: Opcode = summary.isText ? .text : .binary
        timeline.receivedFrames[opcode.rawValue, default: 0] += 1
        if summary.frames > 1 {
            timeline.receivedFrames[Opcode.continuation.rawValue, default: 0] += summary.frames - 1
        }
        guard keeps(.message) else { return }
        let payload = payloads[summary.payload]
        var preview: [UInt8] = []
        payload.append(0..<min(payload.count, Self.previewLength), to: &preview)
        let received = Timeline.ReceivedMessage(
            opcode: opcode,
            length: UInt64(payload.count),
            payloadLength: UInt64(summary.payloadLength),
            deflated: DeflatedMessage(summary, contentLength: payload.count),
            frameCount: summary.frames,
            payload: summary.payload,
            preview: preview
        )
        append(.message(received), at: time, Evidence(.received, offset: offset, length: UInt64(summary.length)))
    }

    /// Records all events that these octets of frames contain.
    private mutating func take(_ bytes: Span<UInt8>, at time: Int64) {
        var position = 0
        while let event = reader.next(in: bytes, at: &position) { take(event, at: time) }
    }

    private mutating func take(_ event: MessageEvent, at time: Int64) {
        switch event {
        case .frame(let header, let offset):
            if let maskingKey = header.maskingKey, timeline.maskingKeys.count < Self.mostMaskingKeys {
                timeline.maskingKeys.append(maskingKey.rawValue)
            }
            timeline.receivedFrames[header.opcode.rawValue, default: 0] += 1
            if keptFrames < Self.mostFrames {
                keptFrames += 1
                let length = UInt64(header.encodedLength).addingReportingOverflow(header.payloadLength)
                let evidence = Evidence(
                    .received,
                    offset: offset,
                    length: length.overflow ? .max : length.partialValue
                )
                append(.frame(header), at: time, evidence)
            }
        case .message(let message, let contentLength):
            guard keeps(.message) else { break }
            let received = Timeline.ReceivedMessage(
                opcode: message.opcode,
                length: contentLength,
                payloadLength: message.length,
                deflated: reader.deflated,
                frameCount: message.frameCount,
                payload: reader.equalPayload,
                preview: reader.preview
            )
            append(
                .message(received),
                at: time,
                Evidence(.received, offset: message.offset, length: message.end - message.offset)
            )
        case .control(let frame):
            guard keeps(.control(frame.opcode)) else { break }
            append(
                .control(frame),
                at: time,
                Evidence(.received, offset: frame.offset, length: frame.end - frame.offset)
            )
        case .close(let body, let offset, let end):
            guard keeps(.close) else { break }
            append(.close(body), at: time, Evidence(.received, offset: offset, length: end - offset))
        case .violation(let violation):
            guard keeps(.violation(violation.rule)) else { break }
            append(.violation(violation), at: time, Evidence(.received, offset: violation.offset, length: 1))
        case .content, .frameEnd:
            break
        }
    }
}

extension DeflatedMessage {
    /// What a summary says of a message that was as it should be.
    fileprivate init(_ summary: CompressedSummary, contentLength: Int) {
        self.init()
        payloadLength = summary.payloadLength
        self.contentLength = contentLength
        blockCount = summary.blocks
        finalBlockCount = summary.finalBlocks
        largestDistance = summary.largestDistance
        reach = summary.reach
        ending = .emptyBlock
    }
}

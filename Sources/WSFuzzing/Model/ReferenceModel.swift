import WSDeflate
package import WSProtocol

/// What a receiver has to do with a stream by RFC 6455, written to be as plain as possible.
///
/// It reads the whole stream at once, shares no code with ``StreamDecoder``, and stops where a receiver has to.
package struct ReferenceModel {
    /// The properties of the receiver.
    package struct Settings: Sendable, Hashable {
        /// The sender of the stream.
        package var sender: Role
        /// The level at which the receiver works.
        package var level: ParserLevel
        /// When it checks text.
        package var textCheck: TextCheck
        /// The largest message that it accepts; at the frame level the largest frame.
        package var maximumMessage: UInt64
        /// The reserved bits that an extension defines on first frames; text with such bits is not checked.
        package var permittedRSV: UInt8
        /// The rules that it does not check; violating octets are read as literally as possible.
        package var overlooked: Set<ViolationRule>
        /// Whether the reason of each Close frame counts as invalid UTF-8.
        package var refusesCloseReasons = false
        /// The rules that bind only senders.
        ///
        /// Octets that violate only these are read as literally as possible, and a note says that they may be refused.
        package var open: Set<ViolationRule> = []

        /// What the sender agreed to of its compressed messages; nil if there are none.
        package var compression: SenderCompression?
        /// Whether compressed messages are read further than the sender agreed to, and than it may send.
        package var isLenient = false

        /// Creates a receiver that checks everything.
        package init(
            sender: Role,
            level: ParserLevel = .message,
            textCheck: TextCheck = .atOnce,
            maximumMessage: UInt64 = .max,
            permittedRSV: UInt8 = 0,
            overlooked: Set<ViolationRule> = []
        ) {
            self.sender = sender
            self.level = level
            self.textCheck = textCheck
            self.maximumMessage = maximumMessage
            self.permittedRSV = permittedRSV
            self.overlooked = overlooked
        }
    }

    /// The required result for a stream.
    package struct Outcome: Sendable, Hashable {
        /// The events in order.
        package var events: [ParserEvent] = []
        /// Why it has to fail the connection; nil if it has not.
        package var failure: Failure?
        /// The places where it may fail the connection earlier.
        package var refusals: [Refusal] = []
        /// After how many octets a Close frame ended the stream; nil if none did.
        package var closedAt: Int?
        /// The offset of a compressed message that its sender must not send and a receiver may take or refuse.
        ///
        /// What follows depends on what it made of it. Nil if there is none.
        package var leftOpenAt: Int?
    }

    /// Why and when a receiver has to fail the connection.
    package struct Failure: Sendable, Hashable {
        /// The violated rules; empty if a message is only too large.
        package var rules: Set<ViolationRule>
        /// The suitable status codes.
        package var codes: Set<UInt16>
        /// The offset of the first wrong octet.
        package var offset: Int
        /// After how many octets the violation is certain.
        package var knownAfter: Int
        /// After how many octets the wrong frame ends, as far as it does.
        package var frameEnd: Int
        /// Whether it is in the content of a compressed message, so that the offset is that of the message.
        package var isCompressed = false
    }

    /// A failure that the receiver may choose.
    package struct Refusal: Sendable, Hashable {
        /// The failure.
        package var failure: Failure
        /// How many events precede it.
        package var eventCount: Int
    }

    private let bytes: [UInt8]
    let settings: Settings
    var outcome = Outcome()
    private var position = 0
    /// The open message.
    private var message: OpenMessage?
    /// What the compressed messages before have left.
    var inflater: Inflater
    /// The octets of its text that were not checked yet, with their offsets in the stream.
    private var unchecked: [(byte: UInt8, place: Int)] = []

    /// The result for the octets, with these settings of the receiver.
    package static func outcome(of bytes: [UInt8], _ settings: Settings) -> Outcome {
        var model = ReferenceModel(bytes: bytes, settings: settings)
        while !model.isOver, model.readFrame() {}
        return model.outcome
    }

    private init(bytes: [UInt8], settings: Settings) {
        self.bytes = bytes
        self.settings = settings
        inflater = Inflater(windowBits: settings.compression?.windowBits ?? 15, contentLimit: Self.mostContent)
    }

    private var isOver: Bool { outcome.failure != nil || outcome.closedAt != nil || outcome.leftOpenAt != nil }

    /// A message of which not all frames have come.
    struct OpenMessage {
        var opcode: Opcode
        var payload: [UInt8]
        /// Whether its payload is text that is checked.
        var isText: Bool
        /// Whether it is compressed.
        var isCompressed: Bool
        /// The offset of its first frame.
        var start: Int
    }

    private struct Header {
        var start: Int
        var fin: Bool
        var rsv: UInt8
        var opcode: Opcode
        var key: [UInt8]?
        var length: UInt64
        var lengthOctets: Int
        var end: Int

        var isControl: Bool { opcode.rawValue >= 8 }
    }

    private func readHeader() -> Header? {
        let rest = bytes[position...]
        guard rest.count >= 2 else { return nil }
        let (first, second) = (bytes[position], bytes[position + 1])
        let lengthOctets = second % 128 == 126 ? 2 : second % 128 == 127 ? 8 : 0
        let keyOctets = second >= 128 ? 4 : 0
        let size = 2 + lengthOctets + keyOctets
        guard rest.count >= size else { return nil }
        var length = UInt64(second % 128)
        if lengthOctets > 0 {
            length = bytes[(position + 2)...].prefix(lengthOctets).reduce(0) { $0 * 256 + UInt64($1) }
        }
        return Header(
            start: position,
            fin: first >= 128,
            rsv: first / 16 % 8,
            opcode: Opcode(rawValue: first % 16),
            key: keyOctets == 0 ? nil : Array(bytes[(position + size - 4)..<(position + size)]),
            length: length,
            lengthOctets: lengthOctets,
            end: position + size
        )
    }

    /// Reads one frame and returns whether it was complete.
    private mutating func readFrame() -> Bool {
        guard let header = readHeader() else { return false }
        guard takes(flaws(of: header), header: header, knownAfter: header.end) else { return false }
        let count = min(UInt64(bytes.count - header.end), header.length)
        let range = header.end..<(header.end + Int(count))
        let plain = range.map { index in bytes[index] ^ (header.key?[(index - header.end) % 4] ?? 0) }
        let isWhole = count == header.length
        if settings.level == .frame {
            guard isWhole else { return false }
            outcome.events.append(.frame(fin: header.fin, rsv: header.rsv, opcode: header.opcode, payload: plain))
        } else if header.isControl {
            guard isWhole else { return false }
            takeControl(header, plain)
        } else {
            takeData(header, plain, from: range.lowerBound, isWhole: isWhole)
            guard isWhole else { return false }
        }
        position = range.upperBound
        return true
    }

    // MARK: - Rules

    private func isCompressed(_ header: Header) -> Bool {
        guard settings.compression != nil, !header.isControl else { return false }
        return header.opcode == .continuation ? message?.isCompressed ?? false : header.rsv & 4 != 0
    }

    /// The offsets of violations in a header, by rule; nil stands for a message that is too large.
    private func flaws(of header: Header) -> [ViolationRule?: Int] {
        var flaws: [ViolationRule?: Int] = [:]
        let start = header.start
        if settings.sender == .client && header.key == nil { flaws[.unmaskedClientFrame] = start + 1 }
        if settings.sender == .server && header.key != nil { flaws[.maskedServerFrame] = start + 1 }
        let beginsMessage = [1, 2].contains(header.opcode.rawValue)
        let permittedRSV = settings.permittedRSV | (settings.compression == nil ? 0 : 4)
        if header.rsv & ~(beginsMessage ? permittedRSV : 0) != 0 { flaws[.reservedBits] = start }
        if ![0, 1, 2, 8, 9, 10].contains(header.opcode.rawValue) { flaws[.reservedOpcode] = start }
        if header.isControl && !header.fin { flaws[.fragmentedControl] = start }
        if header.isControl && header.length > 125 { flaws[.oversizedControl] = start + 1 }
        if header.lengthOctets == 2 && header.length < 126 { flaws[.nonMinimalLength] = start + 1 }
        if header.lengthOctets == 8 && header.length < 65_536 { flaws[.nonMinimalLength] = start + 1 }
        if header.length >= 1 << 63 { flaws[.lengthTopBit] = start + 2 }
        if settings.level == .message {
            if header.opcode == .continuation && message == nil { flaws[.continuationWithoutStart] = start }
            if beginsMessage && message != nil { flaws[.dataFrameInsideMessage] = start }
        }
        for rule in settings.overlooked { flaws[rule] = nil }
        let earlier = settings.level == .message && header.opcode == .continuation ? message?.payload.count ?? 0 : 0
        let (total, overflow) = header.length.addingReportingOverflow(UInt64(earlier))
        let isLimited = settings.maximumMessage < .max && (settings.level == .frame || !header.isControl)
        // The limit of a compressed message is that of its content.
        let isCompressed = settings.level == .message && self.isCompressed(header)
        if isLimited && !isCompressed && (overflow || total > settings.maximumMessage) {
            flaws.updateValue(start + 1, forKey: nil)
        }
        return flaws
    }

    /// Whether the receiver goes on: nothing is wrong, or it may accept what is.
    ///
    /// Where it has to refuse one thing and may refuse another, either may be the reason that it gives.
    private mutating func takes(_ flaws: [ViolationRule?: Int], header: Header, knownAfter: Int) -> Bool {
        let binding = flaws.filter { rule, _ in !(rule.map(settings.open.contains) ?? false) }
        if binding.count < flaws.count {
            let failure = failure(flaws, header: header, knownAfter: knownAfter)
            outcome.refusals.append(Refusal(failure: failure, eventCount: outcome.events.count))
        }
        guard !binding.isEmpty else { return true }
        outcome.failure = failure(binding, header: header, knownAfter: knownAfter)
        return false
    }

    private func failure(_ flaws: [ViolationRule?: Int], header: Header, knownAfter: Int) -> Failure {
        let (frameEnd, overflow) = header.end.addingReportingOverflow(Int(clamping: header.length))
        return Failure(
            rules: Set(flaws.keys.compactMap(\.self)),
            codes: Set(flaws.keys.map { $0?.closeCode ?? CloseCode.messageTooBig }),
            offset: flaws.values.min() ?? header.start,
            knownAfter: knownAfter,
            frameEnd: overflow ? .max : frameEnd
        )
    }

    private mutating func takeControl(_ header: Header, _ payload: [UInt8]) {
        guard header.opcode == .close else {
            // A frame with a reserved opcode that is not checked gives no event.
            if header.opcode == .ping || header.opcode == .pong {
                outcome.events.append(.control(header.opcode, payload: payload))
            }
            return
        }
        let flaws = closeFlaws(payload, at: header.end).filter { !settings.overlooked.contains($0.key) }
        guard
            takes(
                .init(uniqueKeysWithValues: flaws.map { ($0.key, $0.value) }),
                header: header,
                knownAfter: header.end + payload.count
            )
        else { return }
        let code = payload.count < 2 ? nil : UInt16(payload[0]) * 256 + UInt16(payload[1])
        outcome.events.append(.close(code: code, reason: payload.count < 2 ? payload : Array(payload.dropFirst(2))))
        outcome.closedAt = header.end + payload.count
    }

    private func closeFlaws(_ payload: [UInt8], at start: Int) -> [ViolationRule: Int] {
        guard payload.count != 1 else { return [.closeBodyOneByte: start] }
        guard payload.count >= 2 else { return [:] }
        var flaws: [ViolationRule: Int] = [:]
        switch UInt16(payload[0]) * 256 + UInt16(payload[1]) {
        case ..<1000: flaws[.closeCodeUnused] = start
        case 1004: flaws[.closeCodeReserved] = start
        case 1005: flaws[.closeCodeNoStatus] = start
        case 1006: flaws[.closeCodeAbnormal] = start
        case 1010: if settings.sender == .server { flaws[.closeCodeForClientsOnly] = start }
        // These codes were registered after RFC 6455, so not all receivers know them.
        case 1012...1014: if settings.open.contains(.closeCodeUndefined) { flaws[.closeCodeUndefined] = start }
        case 1015: flaws[.closeCodeTLSHandshake] = start
        case 1016...2999: flaws[.closeCodeUndefined] = start
        case 5000...: flaws[.closeCodeOutOfRange] = start
        default: break
        }
        let reason = ReferenceKernels.utf8(Array(payload.dropFirst(2)))
        if let wrong = reason.impossible ?? reason.unfinished { flaws[.closeReasonNotUTF8] = start + 2 + wrong }
        if settings.refusesCloseReasons, payload.count > 2 { flaws[.closeReasonNotUTF8] = start }
        return flaws
    }

    // MARK: - Messages

    private mutating func takeData(_ header: Header, _ payload: [UInt8], from start: Int, isWhole: Bool) {
        guard !header.opcode.isReserved else { return }
        if header.opcode != .continuation {
            let isCompressed = isCompressed(header)
            let isText = header.opcode == .text && header.rsv & settings.permittedRSV == 0 && !isCompressed
            message = OpenMessage(
                opcode: header.opcode,
                payload: [],
                isText: isText,
                isCompressed: isCompressed,
                start: header.start
            )
            unchecked = []
        }
        // A continuation without a message that is not checked belongs to none.
        guard var open = message else { return }
        open.payload += payload
        message = open
        let isLast = isWhole && header.fin
        let end = start + payload.count
        if open.isText, settings.textCheck != .never {
            unchecked += payload.indices.map { (payload[$0], start + $0) }
            if settings.textCheck == .atOnce || isLast, let wrong = wrongText(isLast: isLast, end: end),
                !takes([wrong.rule: wrong.offset], header: header, knownAfter: wrong.knownAfter)
            {
                return
            }
        }
        if open.isCompressed { noteRefusal(open, end: end) }
        guard isLast else { return }
        message = nil
        if open.isCompressed { return takeCompressed(open, end: end) }
        outcome.events.append(.message(open.opcode, payload: open.payload))
    }

    /// The violation in the text of the open message; the text is complete if this is its last frame.
    private mutating func wrongText(
        isLast: Bool,
        end: Int
    ) -> (rule: ViolationRule, offset: Int, knownAfter: Int)? {
        let text = ReferenceKernels.utf8(unchecked.map(\.byte))
        if let wrong = text.impossible.map({ unchecked[$0].place }) {
            guard !settings.overlooked.contains(.invalidUTF8) else { return nil }
            return (.invalidUTF8, wrong, settings.textCheck == .atOnce ? wrong + 1 : end)
        }
        // Only an unfinished sequence affects what follows.
        unchecked.removeFirst(text.unfinished ?? unchecked.count)
        guard isLast, let wrong = unchecked.first?.place else { return nil }
        return settings.overlooked.contains(.truncatedUTF8) ? nil : (.truncatedUTF8, wrong, end)
    }
}

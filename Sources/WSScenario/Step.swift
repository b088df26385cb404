package import WSProtocol

/// One thing that a scenario does once the connection is open; steps run in order.
package enum Step: Sendable, Hashable, Codable {
    /// Send one frame, legal or not.
    case send(FrameToSend)
    /// Send one message, cut into frames.
    case sendMessage(MessageToSend)
    /// Send the same frame many times, or frames that differ in a number alone.
    case sendRun(FrameRun)
    /// Start the closing handshake with a Close frame of this body (RFC 6455, 7.1.2).
    case startClosingHandshake(body: Payload, pacing: WritePacing = .together)
    /// Send only the header of a text frame that announces `length` octets.
    case beginFrame(fin: Bool, opcode: Opcode, length: Int)
    /// Send octets of the frame begun before.
    case continueFrame(Payload)
    /// Wait until `pings` Pings, one after the other, are answered; stands in for a wait of Autobahn's.
    case barrier(tag: String, pings: Int)
    /// Wait inside an unfinished frame, where no Ping can stand: round trips on another connection instead.
    ///
    /// There is none to a client under test, where only the least time passes.
    case quiesce(tag: String)
    /// Wait for the Pong that answers a Ping of this script.
    case awaitPong(Payload)
    /// Wait for the peer's Close frame; to answer it is the script's own business from then on.
    case awaitClose
    /// Send octets that are no frame: a header cut short, or junk.
    case sendOctets([UInt8])
    /// Send nothing for so many milliseconds.
    case pause(milliseconds: Int)
    /// Read nothing for so many milliseconds, while the script goes on.
    case pauseReading(milliseconds: Int)
    /// Leave the peer's Pings unanswered from here on.
    case ignorePings
    /// Leave the peer's Close frame unanswered, and go on as if none had come.
    case ignoreClose
    /// Send FIN and go on reading; nothing can be sent after it.
    case endOutput
    /// Drop the connection with a reset.
    case reset
    /// Send messages one after the other, each once the echo of the one before has come.
    case echoLoop(EchoLoop)
}

extension Step {
    /// How many frames, or pieces of one, the step sends at an effort.
    package func frameCount(at effort: Effort) -> Int {
        switch self {
        case .send, .startClosingHandshake, .beginFrame, .continueFrame, .sendOctets: 1
        case .sendMessage(let message): message.frameCount
        case .sendRun(let run): run.count
        case .echoLoop(let loop): loop.count(at: effort)
        case .barrier, .quiesce, .awaitPong, .awaitClose, .pause, .pauseReading, .ignorePings, .ignoreClose, .endOutput,
            .reset:
            0
        }
    }
}

/// A frame that a scenario sends.
package struct FrameToSend: Sendable, Hashable, Codable {
    /// The opcode (RFC 6455, 5.2).
    package var opcode: Opcode
    /// Whether this is the final fragment of a message.
    package var fin: Bool
    /// The three reserved bits; RSV1 is 4, RSV2 is 2, RSV3 is 1.
    package var rsv: UInt8
    /// The payload before masking.
    package var payload: Payload
    /// How the frame is masked.
    package var masking: MaskingChoice
    /// How the payload length is written.
    package var lengthEncoding: PayloadLengthEncoding
    /// The length that the header claims, when it is not the payload's.
    package var claimedLength: UInt64?
    /// How the frame is cut into writes.
    package var pacing: WritePacing

    /// Creates a frame; everything has the value of an ordinary final frame.
    package init(
        _ opcode: Opcode,
        _ payload: Payload = .empty,
        fin: Bool = true,
        rsv: UInt8 = 0,
        masking: MaskingChoice = .ofRole,
        lengthEncoding: PayloadLengthEncoding = .minimal,
        claimedLength: UInt64? = nil,
        pacing: WritePacing = .together
    ) {
        self.opcode = opcode
        self.fin = fin
        self.rsv = rsv
        self.payload = payload
        self.masking = masking
        self.lengthEncoding = lengthEncoding
        self.claimedLength = claimedLength
        self.pacing = pacing
    }
}

extension FrameToSend {
    /// Whether the frame is a Close frame that every peer has to understand, from that side.
    package func isWellFormedClose(sentBy sender: Role) -> Bool {
        opcode == .close && fin && rsv == 0 && isMasked(by: sender) == (sender == .client) && lengthEncoding == .minimal
            && claimedLength == nil && payload.count != 1 && payload.count <= 125
    }

    /// Whether the frame is masked where that side sends it.
    package func isMasked(by sender: Role) -> Bool {
        switch masking {
        case .ofRole: sender == .client
        case .none: false
        case .fresh, .key: true
        }
    }
}

/// Whether and how a frame is masked (RFC 6455, 5.3).
package enum MaskingChoice: Sendable, Hashable, Codable {
    /// As our role demands: a client masks with a fresh key, a server does not mask.
    case ofRole
    /// Not masked, whatever our role.
    case none
    /// Masked with a fresh key, whatever our role.
    case fresh
    /// Masked with this key.
    case key(UInt32)
}

/// How octets are cut into writes.
package enum WritePacing: Sendable, Hashable, Codable {
    /// In one write with its neighbours.
    case together
    /// A write of its own.
    case separately
    /// In writes of so many octets each.
    case pieces(Int)
    /// The whole step cut into two writes before this octet, counted from the first octet of the header.
    case split(at: Int)
    /// So many octets in a write of their own each, then the rest of the step in one write.
    case firstOctets(Int)
}

/// A frame that a scenario sends many times.
package struct FrameRun: Sendable, Hashable, Codable {
    /// The frame; where the run is numbered, without its payload.
    package var frame: FrameToSend
    /// How many times it is sent.
    package var count: Int
    /// Whether each frame has its place in the run as payload, in four octets.
    package var isNumbered: Bool

    /// Creates a run of the same frame.
    package init(_ frame: FrameToSend, count: Int) {
        self.frame = frame
        self.count = count
        isNumbered = false
    }

    /// Creates a run of frames with four octets of payload each, the number of the frame.
    package init(numbered frame: FrameToSend, count: Int) {
        self.frame = frame
        self.count = count
        isNumbered = true
    }

    /// The payload of frame `index`.
    package func payload(ofFrame index: Int) -> Payload {
        isNumbered ? .octets(Self.number(index)) : frame.payload
    }

    /// The octets that stand for a number, in network order.
    package static func number(_ index: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: index >> $0) }
    }
}

/// A message that a scenario sends in frames of a given size.
package struct MessageToSend: Sendable, Hashable, Codable {
    /// Text or binary.
    package var opcode: Opcode
    /// The whole message.
    package var payload: Payload
    /// Octets per frame.
    package var fragmentLength: Int

    /// Creates a message.
    ///
    /// - Precondition: `fragmentLength` is positive.
    package init(_ opcode: Opcode, _ payload: Payload, fragmentLength: Int) {
        precondition(fragmentLength > 0)
        self.opcode = opcode
        self.payload = payload
        self.fragmentLength = fragmentLength
    }

    /// The lengths of the frames.
    ///
    /// A message no longer than one fragment is one frame. Otherwise all fragments but the last are full, and where the
    /// length is a multiple of the fragment length an empty final continuation ends the message, as in Autobahn.
    package var frameCount: Int {
        payload.count <= fragmentLength ? 1 : payload.count / fragmentLength + 1
    }

    /// The range of the payload that frame `index` carries.
    package func range(ofFrame index: Int) -> Range<Int> {
        let start = min(index * fragmentLength, payload.count)
        return start..<min(start + fragmentLength, payload.count)
    }
}

/// Messages sent one after the other, each awaiting its echo.
package struct EchoLoop: Sendable, Hashable, Codable {
    /// Text or binary.
    package var opcode: Opcode
    /// Each message's payload.
    package var payload: Payload
    /// How many messages at full effort.
    package var fullCount: Int
    /// How many messages at quick effort.
    package var quickCount: Int

    /// Creates a loop.
    package init(_ opcode: Opcode, _ payload: Payload, fullCount: Int, quickCount: Int) {
        self.opcode = opcode
        self.payload = payload
        self.fullCount = fullCount
        self.quickCount = quickCount
    }

    /// How many messages at an effort.
    package func count(at effort: Effort) -> Int {
        effort == .full ? fullCount : quickCount
    }
}

/// How much a run sends: the counts differ, never the cases.
package enum Effort: String, Sendable, Hashable, Codable, CaseIterable {
    /// Fewer messages in echo loops, and only the first 64 KiB of a chopped message are cut into pieces.
    case quick
    /// Autobahn's own counts.
    case full
}

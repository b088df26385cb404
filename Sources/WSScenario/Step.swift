package import WSProtocol

/// A step of a script, which runs on an open connection; steps run in order.
package enum Step: Sendable, Hashable, Codable {
    /// Send one frame, valid or not.
    case send(FrameToSend)
    /// Send one message in frames.
    case sendMessage(MessageToSend)
    /// Send the same frame many times, or frames that differ only in a number.
    case sendRun(FrameRun)
    /// Start the closing handshake with a Close frame of this body (RFC 6455, 7.1.2).
    case startClosingHandshake(body: Payload, pacing: WritePacing = .together)
    /// Send only the header of a text frame that announces `length` octets.
    case beginFrame(fin: Bool, opcode: Opcode, length: Int)
    /// Send octets of the frame that was begun.
    case continueFrame(Payload)
    /// Wait until `pings` Pings, one after the other, are answered; replaces a wait of Autobahn's.
    case barrier(tag: String, pings: Int)
    /// Wait inside an unfinished frame, where no Ping can be sent, for round trips on another connection.
    ///
    /// With a client under test there is no other connection, and the step only waits for a minimum time.
    case quiesce(tag: String)
    /// Wait for the Pong that answers this Ping of the script.
    case awaitPong(Payload)
    /// Wait for the peer's Close frame; the script itself has to answer it.
    case awaitClose
    /// Send octets that are not a frame: part of a header, or random octets.
    case sendOctets([UInt8])
    /// Send nothing for this time.
    case pause(milliseconds: Int)
    /// Read nothing for this time, while the script goes on.
    case pauseReading(milliseconds: Int)
    /// Leave the peer's Pings unanswered from now on.
    case ignorePings
    /// Leave the peer's Close frame unanswered, and go on as if it had not come.
    case ignoreClose
    /// Send FIN and go on reading; nothing can be sent after it.
    case endOutput
    /// Reset the connection.
    case reset
    /// Write frames of HTTP/2 on the connection that carries the stream, as they are.
    case sendOnConnection([UInt8])
    /// Send PING on that connection, and wait for its answer.
    case pingConnection
    /// Send messages one after the other, each after the echo of the previous one.
    case echoLoop(EchoLoop)
}

extension Step {
    /// How many frames, or pieces of a frame, the step sends with this effort.
    package func frameCount(at effort: Effort) -> Int {
        switch self {
        case .send, .startClosingHandshake, .beginFrame, .continueFrame, .sendOctets: 1
        case .sendMessage(let message): message.frameCount
        case .sendRun(let run): run.count
        case .echoLoop(let loop): loop.count(at: effort)
        case .barrier, .quiesce, .awaitPong, .awaitClose, .pause, .pauseReading, .ignorePings, .ignoreClose, .endOutput,
            .reset, .sendOnConnection, .pingConnection:
            0
        }
    }
}

/// A frame to send.
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
    /// The length in the header, if it differs from the payload's; else nil.
    package var claimedLength: UInt64?
    /// How the frame is divided into writes.
    package var pacing: WritePacing

    /// Creates a frame; the defaults are those of an ordinary final frame.
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
    /// Whether the frame is a valid Close frame if this role sends it.
    package func isWellFormedClose(sentBy sender: Role) -> Bool {
        opcode == .close && fin && rsv == 0 && isMasked(by: sender) == (sender == .client) && lengthEncoding == .minimal
            && claimedLength == nil && payload.count != 1 && payload.count <= 125
    }

    /// Whether the frame is masked if this role sends it.
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
    /// As our role requires: a client masks with a fresh key, a server does not mask.
    case ofRole
    /// Not masked in either role.
    case none
    /// Masked with a fresh key in either role.
    case fresh
    /// Masked with this key.
    case key(UInt32)
}

/// How octets are divided into writes.
package enum WritePacing: Sendable, Hashable, Codable {
    /// In one write together with neighbouring steps.
    case together
    /// In a write of its own.
    case separately
    /// In writes of this many octets.
    case pieces(Int)
    /// The whole step in two writes; the second begins at this octet, counted from the header's first one.
    case split(at: Int)
    /// This many octets in single writes, then the rest of the step in one write.
    case firstOctets(Int)
}

/// A frame that is sent many times.
package struct FrameRun: Sendable, Hashable, Codable {
    /// The frame; without a payload if the run is numbered.
    package var frame: FrameToSend
    /// How many times it is sent.
    package var count: Int
    /// Whether the payload of each frame is its index in four octets.
    package var isNumbered: Bool

    /// Creates a run of the same frame.
    package init(_ frame: FrameToSend, count: Int) {
        self.frame = frame
        self.count = count
        isNumbered = false
    }

    /// Creates a run of frames whose payload is their index in four octets.
    package init(numbered frame: FrameToSend, count: Int) {
        self.frame = frame
        self.count = count
        isNumbered = true
    }

    /// The payload of frame `index`.
    package func payload(ofFrame index: Int) -> Payload {
        isNumbered ? .octets(Self.number(index)) : frame.payload
    }

    /// A number in four octets, in network order.
    package static func number(_ index: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: index >> $0) }
    }
}

/// A message that is sent in frames of a given size.
package struct MessageToSend: Sendable, Hashable, Codable {
    /// Text or binary.
    package var opcode: Opcode
    /// The whole message.
    package var payload: Payload
    /// The number of octets in each frame.
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

    /// The number of frames.
    ///
    /// A message that fits into one fragment is a single frame. Otherwise all fragments but the last are full. If the
    /// length is a multiple of the fragment length, an empty final frame ends the message, as in Autobahn.
    package var frameCount: Int {
        payload.count <= fragmentLength ? 1 : payload.count / fragmentLength + 1
    }

    /// The range of the payload that frame `index` carries.
    package func range(ofFrame index: Int) -> Range<Int> {
        let start = min(index * fragmentLength, payload.count)
        return start..<min(start + fragmentLength, payload.count)
    }
}

/// How much a run sends; it never changes which cases run.
package enum Effort: String, Sendable, Hashable, Codable, CaseIterable {
    /// Fewer messages in echo loops, and only the first 64 KiB of a chopped message are cut into pieces.
    case quick
    /// Autobahn's own counts.
    case full
}

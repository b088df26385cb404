/// A lossless record of one connection: which octets each side sent and when, and how it ended.
///
/// Long runs of octets are stored only once. Octets that we sent are references to the script, with the masking key.
/// Octets that came back equal to a payload of the script are references to that payload. Other octets beyond
/// ``TranscriptRecorder/inlineLimit`` are in a ``SidecarStore``.
package struct Transcript: Sendable {
    /// The scenario, its stimulus and the options.
    package var header: TranscriptHeader
    /// The events in order.
    package var events: [TranscriptEvent]
    /// Whether the conversation was recorded to its end.
    package var isComplete: Bool
    /// The store for octets that are too many for memory; nil if there is none.
    package var sidecar: (any SidecarStore)?

    /// Creates a transcript.
    package init(
        header: TranscriptHeader,
        events: [TranscriptEvent] = [],
        isComplete: Bool = false,
        sidecar: (any SidecarStore)? = nil
    ) {
        self.header = header
        self.events = events
        self.isComplete = isComplete
        self.sidecar = sidecar
    }
}

/// The first line of a transcript.
package struct TranscriptHeader: Sendable, Hashable {
    /// The schema name and version that this build writes.
    package static let currentSchema = "wsconform-transcript/2"

    /// The schema name and version of this transcript.
    package var schema: String
    /// The id of the scenario.
    package var scenario: String
    /// The role under test: `server` or `client`.
    package var roleUnderTest: String
    /// The address of the server.
    package var url: String
    /// The seed of all randomness.
    package var seed: UInt64
    /// `quick` or `full`.
    package var effort: String
    /// The subprotocols that were offered.
    package var subprotocols: [String]
    /// Whether the target's messages are ignored in scenarios that do not need its application; nil for no.
    package var ignoresMessages: Bool?
    /// What the run found out about the target's application; nil if it was not probed.
    package var application: ObservedApplication?
    /// Whether waits of Autobahn's took their original time, without a Ping of ours; nil for no.
    package var waitsAsAutobahn: Bool?
    /// Whether the run had no time limits, so that no finding may rest on lateness; nil for no.
    package var waitsForever: Bool?
    /// How many octets a compressed message of the peer could have inflated; nil for the usual number.
    package var maximumMessage: Int?
    /// The largest message of the peer's that the scenario was made for; nil if it depends on none.
    package var peerLimit: Int?
    /// The trial around that limit that was played; nil if there is none.
    package var limitTrial: Int?
    /// The stream of HTTP/2 that the conversation is on; nil for the first one, and where it is on none.
    package var stream: UInt32?
    /// The stimulus that script and payload references refer to.
    package var stimulus: RecordedStimulus

    /// Creates a header of the current schema.
    package init(
        scenario: String,
        roleUnderTest: String,
        url: String,
        seed: UInt64,
        effort: String,
        subprotocols: [String] = [],
        ignoresMessages: Bool? = nil,
        application: ObservedApplication? = nil,
        waitsAsAutobahn: Bool? = nil,
        waitsForever: Bool? = nil,
        maximumMessage: Int? = nil,
        peerLimit: Int? = nil,
        limitTrial: Int? = nil,
        stimulus: RecordedStimulus = .none
    ) {
        schema = Self.currentSchema
        self.scenario = scenario
        self.roleUnderTest = roleUnderTest
        self.url = url
        self.seed = seed
        self.effort = effort
        self.subprotocols = subprotocols
        self.ignoresMessages = ignoresMessages
        self.application = application
        self.waitsAsAutobahn = waitsAsAutobahn
        self.waitsForever = waitsForever
        self.maximumMessage = maximumMessage
        self.peerLimit = peerLimit
        self.limitTrial = limitTrial
        self.stimulus = stimulus
    }
}

/// An event on the connection.
package struct TranscriptEvent: Sendable, Hashable {
    /// Nanoseconds since the connection attempt began.
    package var time: Int64
    /// The event.
    package var kind: Kind

    /// The kinds of events.
    package enum Kind: Sendable, Hashable {
        /// The TCP connection is established.
        case connected
        /// We handed octets to the network; `offset` is the number of octets sent before.
        case sent(offset: UInt64, SentContent)
        /// We read octets; `offset` is the number of octets received before.
        case received(offset: UInt64, [ReceivedPart])
        /// We handed octets to the network on the connection of HTTP/2 whose stream is recorded.
        case carrierSent(offset: UInt64, [CarrierPart])
        /// We read octets of that connection.
        case carrierReceived(offset: UInt64, [CarrierPart])
        /// That connection ended, which may be after its stream.
        case carrierEnded(TranscriptEnd)
        /// The runner notes something that the octets do not show.
        case mark(TranscriptMark)
        /// The connection ended.
        case ended(TranscriptEnd)
    }

    /// Creates an event.
    package init(time: Int64, kind: Kind) {
        self.time = time
        self.kind = kind
    }
}

/// Octets that were sent.
package enum SentContent: Sendable, Hashable {
    /// Literal octets: the handshake, Pongs, Pings outside the script, Close replies.
    case octets([UInt8])
    /// Frames of the script.
    case script(ScriptReference)

    /// The number of octets.
    package var count: UInt64 {
        switch self {
        case .octets(let octets): UInt64(octets.count)
        case .script(let reference): reference.length
        }
    }
}

/// A reference to octets of the script.
package struct ScriptReference: Sendable, Hashable {
    /// The index of the step in the script.
    package var step: Int
    /// The index of the first frame in the step.
    package var frame: Int
    /// The number of frames that the octets cover, at least in part.
    package var frameCount: Int
    /// The offset in the first frame, header included, of the first octet.
    package var start: UInt64
    /// The number of octets.
    package var length: UInt64
    /// The masking key of the first frame; nil if it is not masked.
    package var maskingKey: UInt32?
    /// The index of that key in the conversation's key sequence; later frames use the next keys.
    package var keyIndex: Int
    /// The length of the writes in octets; nil if the octets were not cut.
    package var pieceLength: Int?

    /// Creates a reference.
    package init(
        step: Int,
        frame: Int,
        frameCount: Int,
        start: UInt64,
        length: UInt64,
        maskingKey: UInt32?,
        keyIndex: Int,
        pieceLength: Int? = nil
    ) {
        self.step = step
        self.frame = frame
        self.frameCount = frameCount
        self.start = start
        self.length = length
        self.maskingKey = maskingKey
        self.keyIndex = keyIndex
        self.pieceLength = pieceLength
    }
}

/// Octets that were received.
package enum ReceivedPart: Sendable, Hashable {
    /// Literal octets.
    case octets([UInt8])
    /// Octets in the sidecar, from `position` on.
    case sidecar(position: Int, length: Int)
    /// Octets equal to part of a payload: its index in `referencePayloads`, and the offset in it.
    case payload(index: Int, start: Int, length: Int)
    /// The frames of a compressed message that was as it should be, of which only a summary is kept.
    case message(CompressedSummary)

    /// The number of octets.
    package var count: Int {
        switch self {
        case .octets(let octets): octets.count
        case .sidecar(_, let length), .payload(_, _, let length): length
        case .message(let summary): summary.length
        }
    }
}

/// Octets of a connection of HTTP/2.
package enum CarrierPart: Sendable, Hashable {
    /// Literal octets: headers of frames, and payloads of those that are not DATA.
    case octets([UInt8])
    /// So many octets that DATA frames carry; those of the recorded stream are events of their own.
    case data(Int)

    /// The number of octets.
    package var count: Int {
        switch self {
        case .octets(let octets): octets.count
        case .data(let count): count
        }
    }
}

/// What is kept of a compressed message whose content equals a payload, once many of them were kept in full.
package struct CompressedSummary: Sendable, Hashable {
    /// The number of octets of its frames, headers included.
    package var length: Int
    /// The hash of these octets (`StableHash.words64`).
    package var digest: UInt64
    /// The index of the payload that its content equals.
    package var payload: Int
    /// Whether it is a text message, not a binary one.
    package var isText: Bool
    /// The number of frames that it came in.
    package var frames: Int
    /// The number of octets of its payload, of all frames.
    package var payloadLength: Int
    /// The number of its blocks.
    package var blocks: Int
    /// The number of its blocks with BFINAL set.
    package var finalBlocks: Int
    /// The largest distance.
    package var largestDistance: Int
    /// How many octets before its own first one it refers to.
    package var reach: Int

    /// Creates a summary.
    package init(
        length: Int,
        digest: UInt64,
        payload: Int,
        isText: Bool,
        frames: Int,
        payloadLength: Int,
        blocks: Int,
        finalBlocks: Int,
        largestDistance: Int,
        reach: Int
    ) {
        self.length = length
        self.digest = digest
        self.payload = payload
        self.isText = isText
        self.frames = frames
        self.payloadLength = payloadLength
        self.blocks = blocks
        self.finalBlocks = finalBlocks
        self.largestDistance = largestDistance
        self.reach = reach
    }
}

/// A note of the runner.
package enum TranscriptMark: Sendable, Hashable {
    /// The handshake of the connection's security layer was done before it was connected.
    case secured(TranscriptSecurity)
    /// We sent field lines on the stream of HTTP/2 that is recorded.
    case fieldsSent(TranscriptFields)
    /// Field lines came on that stream.
    case fieldsReceived(TranscriptFields)
    /// The connection was opened: the handshake was answered with 101, or with 2xx on a stream of HTTP/2.
    ///
    /// After a scenario's own answer, it means that the client sent something.
    case opened
    /// The user's first message was sent, and this many messages answered it.
    ///
    /// Messages before it count for nothing, and Autobahn's times begin here.
    case firstMessage(replies: Int)
    /// The last octet of our answer to a client's opening handshake was sent.
    case answered
    /// The Ping of a barrier was sent; its payload identifies its Pong.
    case barrierSent(tag: String, payload: [UInt8])
    /// The wait with this tag ended: its barrier was answered, or its time has passed.
    case waited(tag: String, answered: Bool)
    /// A late barrier, the Ping after a silence, was sent.
    case lateBarrierSent(payload: [UInt8])
    /// The late barrier was answered, so the peer accepted what it should reject.
    case lateBarrierAnswered
    /// All steps of the script were performed.
    case scriptDone
    /// The target stopped answering, and did so again when this scenario ran alone.
    case targetDied
    /// What was observed of the supervised process.
    case target(TargetObservation)
    /// How many of the scenario's other connections were open when this conversation began.
    case concurrentConnections(open: Int, others: Int)
    /// The longest time for half of the stimulus and the shortest for all of it, in nanoseconds.
    case compared(half: Int64, whole: Int64)
    /// The Sec-WebSocket-Key of this request came on this many earlier connections of the same client.
    case repeatedKey(connections: Int)
    /// A message like the refused one was sent again on a new connection.
    case tried(MessageTrial)
    /// The peer answered with a status that means overload, although it had no other load.
    ///
    /// It also accepted the next connection.
    case notBusy
    /// The runner gave up waiting, for this reason.
    case gaveUp(TranscriptGiveUp)
}

/// Why the runner gave up waiting.
package enum TranscriptGiveUp: String, Sendable, Hashable, Codable {
    /// The events that came can no longer match what is expected.
    case mismatch
    /// A Pong came with other octets than its Ping, and nothing followed it.
    case wrongPong = "wrong-pong"
    /// Nothing moved within the idle timeout, or the time of the whole conversation passed without progress.
    case deadline
    /// The time of the whole conversation passed while the peer made progress towards what is expected.
    case tookTooLong = "took-too-long"
    /// The peer sent more than the runner accepts.
    case flood
}

/// How a connection ended.
package enum TranscriptEnd: Sendable, Hashable {
    /// The connection failed; the text says why.
    case notConnected(String)
    /// The handshake of the security layer failed; the text says why.
    case notSecured(String)
    /// The peer sent FIN, or the closing message of the security layer.
    case finished
    /// The connection ended without the closing message of the security layer, or without the end of its stream.
    case truncated
    /// The peer reset the connection.
    case reset
    /// We closed the connection.
    case closedHere
}

/// A store for octets that are too many for memory.
package protocol SidecarStore: Sendable {
    /// Appends octets and returns the position of the first one; nil if they cannot be stored.
    func append(_ octets: Span<UInt8>) -> Int?
    /// Reads octets; fewer than requested if the store ends before.
    func read(position: Int, length: Int) -> [UInt8]
    /// The number of stored octets.
    var count: Int { get }
}

/// Everything that went over one connection, without loss: who moved which octets when, and how it ended.
///
/// Large octet runs are not repeated. What we sent is kept as a reference to the script with its masking key; what came
/// back equal to a payload of the script is kept as a reference to that payload; other octets beyond
/// ``TranscriptRecorder/inlineLimit`` live in a ``SidecarStore``.
package struct Transcript: Sendable {
    /// What was run, and with which options.
    package var header: TranscriptHeader
    /// What happened, in order.
    package var events: [TranscriptEvent]
    /// Whether the conversation was recorded to its end.
    package var isComplete: Bool
    /// The octets that are too many to keep in memory.
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
    /// The name and version of the form.
    package static let currentSchema = "wsconform-transcript/2"

    /// The name and version of the form that this transcript has.
    package var schema: String
    /// The scenario's id.
    package var scenario: String
    /// The side under test: `server` or `client`.
    package var roleUnderTest: String
    /// The target's address.
    package var url: String
    /// The seed of all randomness.
    package var seed: UInt64
    /// `quick` or `full`.
    package var effort: String
    /// The subprotocols that were offered.
    package var subprotocols: [String]
    /// Whether the target's application sends what it likes, so that its messages count for nothing where a scenario
    /// needs nothing of it; nil stands for no.
    package var ignoresMessages: Bool?
    /// What the run found out of the target's application; nil where it did not look.
    package var application: ObservedApplication?
    /// Whether the waits of Autobahn's took the time that they take there, without a Ping of the tester's; nil for no.
    package var waitsAsAutobahn: Bool?
    /// Whether the user had told the tester to wait as long as it takes, as for a peer under a debugger, so that how
    /// late something came says nothing; nil for no.
    package var waitsForever: Bool?
    /// What was played: what references to the script and to payloads point into.
    package var stimulus: RecordedStimulus

    /// Creates a header of the current form.
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
        self.stimulus = stimulus
    }
}

/// One thing that happened on the connection.
package struct TranscriptEvent: Sendable, Hashable {
    /// Nanoseconds since the connection attempt began.
    package var time: Int64
    /// What happened.
    package var kind: Kind

    /// What can happen on a connection.
    package enum Kind: Sendable, Hashable {
        /// The TCP connection stands.
        case connected
        /// Octets were handed to the network; `offset` counts all octets sent before.
        case sent(offset: UInt64, SentContent)
        /// Octets were read; `offset` counts all octets received before.
        case received(offset: UInt64, [ReceivedPart])
        /// The runner noted something that the octets do not show.
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
    /// These very octets: the handshake, Pongs, Pings of our own, Close replies.
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

/// Octets of the script, named rather than repeated.
package struct ScriptReference: Sendable, Hashable {
    /// The index of the step in the script.
    package var step: Int
    /// The index of the first frame within the step.
    package var frame: Int
    /// How many frames the octets run over.
    package var frameCount: Int
    /// The octet of the first frame, header included, at which this run starts.
    package var start: UInt64
    /// The number of octets.
    package var length: UInt64
    /// The masking key of the first frame; nil when it is not masked.
    package var maskingKey: UInt32?
    /// The position of that key in the conversation's sequence of keys; the next frames take the next keys.
    package var keyIndex: Int
    /// The size of the writes that the octets left in, when they were cut.
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

/// A run of octets that were received.
package enum ReceivedPart: Sendable, Hashable {
    /// These very octets.
    case octets([UInt8])
    /// Octets kept in the sidecar, from `position` on.
    case sidecar(position: Int, length: Int)
    /// Octets equal to those of a payload of the scenario: its index in `referencePayloads`, and where it starts.
    case payload(index: Int, start: Int, length: Int)

    /// The number of octets.
    package var count: Int {
        switch self {
        case .octets(let octets): octets.count
        case .sidecar(_, let length), .payload(_, _, let length): length
        }
    }
}

/// Something that the runner noted.
package enum TranscriptMark: Sendable, Hashable {
    /// The opening handshake was answered with 101; where the answer was a scenario's own, the client has sent
    /// something behind it.
    case opened
    /// Our answer to a client's opening handshake has left to its last octet.
    case answered
    /// A barrier Ping left; its payload tells its Pong from others.
    case barrierSent(tag: String, payload: [UInt8])
    /// A wait with this tag is over: its barrier was answered, or its time has passed.
    case waited(tag: String, answered: Bool)
    /// The Ping after a silence left.
    case lateBarrierSent(payload: [UInt8])
    /// The Ping after a silence was answered: the peer swallowed what it should have refused.
    case lateBarrierAnswered
    /// All steps of the script are done.
    case scriptDone
    /// The target stopped answering, and a rerun on its own names this conversation.
    case targetDied
    /// What was seen of the target's process, which the tester had started.
    case target(TargetObservation)
    /// So many of the others that played the scenario at once had an open connection when this one began.
    case crowd(open: Int, others: Int)
    /// The longest time, in nanoseconds, that half of the stimulus took, and the shortest that all of it took.
    case compared(half: Int64, whole: Int64)
    /// The Sec-WebSocket-Key of this request came on so many earlier connections of the same client, too.
    case repeatedKey(connections: Int)
    /// A message like the one that the peer refused was tried on a connection of its own.
    case tried(MessageTrial)
    /// The peer answered this request with a status that speaks of its load, though it had nothing else to do and took
    /// the next connection.
    case notBusy
    /// The runner gave up waiting: the events can no longer fit, or nothing came any more.
    case gaveUp(TranscriptGiveUp)
}

/// Why the runner gave up waiting.
package enum TranscriptGiveUp: String, Sendable, Hashable, Codable {
    /// What has come can no longer become what was expected.
    case mismatch
    /// A Pong came with other octets than those of its Ping, and nothing behind it.
    case wrongPong = "wrong-pong"
    /// Nothing moved for as long as `--timeout` allows, or the load deadline has passed.
    case deadline
    /// The peer sent more than the runner reads.
    case flood
}

/// How a connection ended.
package enum TranscriptEnd: Sendable, Hashable {
    /// The connection could not be made; the text says why.
    case notConnected(String)
    /// The peer sent FIN.
    case finished
    /// The peer reset the connection.
    case reset
    /// We closed first.
    case closedHere
}

/// Keeps octets that are too many for memory.
package protocol SidecarStore: Sendable {
    /// Appends octets and returns the position of the first; nil when they can't be kept.
    func append(_ octets: Span<UInt8>) -> Int?
    /// Reads octets back; fewer than asked for when the store ends before.
    func read(position: Int, length: Int) -> [UInt8]
    /// How many octets it has.
    var count: Int { get }
}

import WSKernels
import WSLimits
package import WSLink
package import WSProtocol
package import WSScenario
package import WSTranscript

/// The settings that all conversations of a run share.
package struct ConversationSettings: Sendable {
    /// Our own role; the other one is under test.
    package var role: Role
    /// The address of the server: the target's, or ours if a client is under test.
    package var target: TargetURL
    /// The subprotocols to offer, in order of preference; as a server, those that we support.
    package var subprotocols: [String]
    /// The Origin to send; nil for none.
    package var origin: String?
    /// Further header fields to send, in order; as a server, those of the ordinary 101.
    package var headerFields: [HTTPField]
    /// What is sent behind each opening handshake, before the scenario begins; nil for nothing.
    package var firstMessage: FirstMessage?
    /// The seed of all randomness.
    package var seed: UInt64
    /// How much is sent.
    package var effort: Effort
    /// How long nothing may move before a conversation is given up.
    package var idleTimeout: LinkDuration
    /// Whether the target's messages are ignored in scenarios that do not need its application.
    ///
    /// That is so if the application sends messages that are no answers.
    package var ignoresMessages = false
    /// What is known about the target's application; nil before it was probed, or if a client is under test.
    package var application: ObservedApplication?
    /// How many octets a compressed message of the peer may have inflated; the rest of it is not read.
    package var maximumMessage: Int
    /// How long to wait for answers, as learned in the run.
    package var patience = Patience.full
    /// Whether conversations are on streams of HTTP/2, so that they open with Extended CONNECT (RFC 8441).
    package var isOnStream = false
    /// Whether waits of Autobahn's take their original time, without a Ping of ours.
    package var waitsAsAutobahn = false
    /// Whether no Ping but the scenario's own is sent, and nothing is concluded from silence: somebody debugs the peer.
    package var asksNothing = false

    /// Whether the user set no time limit, so that lateness says nothing.
    package var waitsForever: Bool { idleTimeout >= .forever }

    /// The settings with room for the echo of a message that is as large as the peer accepts.
    func reading(_ scenario: Scenario) -> ConversationSettings {
        guard let limit = scenario.limitSweep?.limit else { return self }
        var settings = self
        settings.maximumMessage = max(maximumMessage, limit + Self.roomAboveLimit)
        return settings
    }

    /// How far above its limit what a peer delivers is read.
    private static let roomAboveLimit = 1024

    /// Creates settings; everything but the target has the default of the command line.
    package init(
        role: Role = .client,
        target: TargetURL,
        subprotocols: [String] = [],
        origin: String? = nil,
        headerFields: [HTTPField] = [],
        seed: UInt64 = 1,
        effort: Effort = .quick,
        idleTimeout: LinkDuration = .seconds(5),
        maximumMessage: Int = Limits.inflatedMessage.value
    ) {
        self.role = role
        self.target = target
        self.subprotocols = subprotocols
        self.origin = origin
        self.headerFields = headerFields
        self.seed = seed
        self.effort = effort
        self.idleTimeout = idleTimeout
        self.maximumMessage = maximumMessage
    }

    /// The seed of one conversation, from the run's seed and the scenario's id; order and jobs do not matter.
    package func seed(of scenario: String) -> UInt64 { Self.seed(seed, of: scenario) }

    /// The Sec-WebSocket-Key with which we open the conversation of a scenario.
    func key(of scenario: String) -> String {
        var streams = SplitMix64(seed: seed(of: scenario))
        var nonce = SplitMix64(seed: streams.next())
        let octets = ConversationMachine.octets(16, of: &nonce)
        return Base64.encode(octets.span)
    }

    /// The seed of a scenario in a run with this seed.
    static func seed(_ seed: UInt64, of scenario: String) -> UInt64 {
        var octets: [UInt8] = []
        for shift in stride(from: 56, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: seed >> UInt64(shift)))
        }
        octets.append(contentsOf: scenario.utf8)
        return StableHash.fnv1a64(octets)
    }
}

extension LinkDuration {
    /// A time that no run lasts; it stands for no time limit.
    package static let forever = LinkDuration.seconds(31_536_000)
}

/// The times and amounts that control a conversation.
package enum Pacing {
    /// How long the end of a stream is waited for by a case about it: the second after which it is late, and a little.
    package static let lateEnd = LinkDuration.milliseconds(1_100)
    /// The pause between the writes of a frame that is cut into pieces, except in load scenarios.
    ///
    /// Measured with wstest, whose event loop takes about as long between two writes.
    package static let betweenPieces = LinkDuration.microseconds(100)
    /// The silence after which a Ping may ask whether the peer accepted a violation.
    package static let silence = LinkDuration.milliseconds(50)
    /// The same silence where the peer has much to read or to inflate.
    package static let silenceUnderLoad = LinkDuration.seconds(1)
    /// The same silence in round trips, for distant peers.
    package static let silenceInRoundTrips: Int64 = 5
    /// The silence after a Pong that matches no Ping and may be unsolicited.
    package static let silenceAfterStrayPong = LinkDuration.milliseconds(500)
    /// The silence after a Pong with wrong octets, when the result is confirmed.
    package static let silenceToMakeSure = LinkDuration.milliseconds(500)
    /// A silence from which on a time limit may have decided the result.
    package static let noticeableSilence = LinkDuration.milliseconds(500)
    /// The length of a wait of Autobahn's.
    package static let autobahnWait = LinkDuration.seconds(1)
    /// How long the answers to a first message are awaited at most.
    package static let firstReplies = LinkDuration.seconds(5)
    /// The minimum time to stay inside an unfinished frame.
    package static let quiesceAtLeast = LinkDuration.milliseconds(100)
    /// How many round trips on another connection have to pass meanwhile.
    package static let settleRoundTrips = 3
    /// How long a peer may take to answer a Close frame that we sent because we gave up.
    package static let replyAfterGivingUp = LinkDuration.seconds(1)
    /// The longest time of a conversation without load, in idle timeouts; ends peers that send an octet now and then.
    package static let wholeConversationInIdleTimeouts: Int64 = 6
    /// The most octets in a write, unless the scenario asks for more.
    package static let chunkLength = 65_536
    /// How many octets a peer may send beyond four times what the scenario sends it, and what is expected of it.
    package static let floodAllowance = UInt64(Limits.flood.value)
    /// How late a timer may fire before the tester, not the peer, counts as asleep.
    package static let lateTimer = LinkDuration.milliseconds(250)
    /// How many Pings are answered one by one; after that, only the last Ping of each read is.
    package static let pingsAnsweredEach = 1000
    /// How many Pongs may wait for the end of a frame; the most recent ones are kept.
    package static let mostOwedPongs = Limits.owedPongs.value
    /// How many octets a client may send after its request before it has our answer.
    package static let mostEarlyOctets = Limits.earlyOctets.value
    /// How many octets of a message are cut into pieces with quick effort.
    package static let quickPieces = 65_536
}

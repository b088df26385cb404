import WSKernels
import WSLimits
package import WSLink
package import WSProtocol
package import WSScenario
package import WSTranscript

/// What all conversations of a run have in common.
package struct ConversationSettings: Sendable {
    /// Which side we are; the other one is under test.
    package var role: Role
    /// Where the server listens: the target, or we where a client is under test.
    package var target: TargetURL
    /// The subprotocols to offer, in order of preference; as a server those that we speak.
    package var subprotocols: [String]
    /// The Origin to send, if any.
    package var origin: String?
    /// Further header fields to send, in order; as a server those of the ordinary 101.
    package var headerFields: [HTTPField]
    /// The seed of all randomness.
    package var seed: UInt64
    /// How much is sent.
    package var effort: Effort
    /// How long nothing may move before a conversation is given up.
    package var idleTimeout: LinkDuration
    /// Whether messages of the target count for nothing in scenarios that need nothing of its application, because the
    /// application sends what it likes.
    package var ignoresMessages = false
    /// What was found out of the target's application; nil before that, and where a client is under test.
    package var application: ObservedApplication?
    /// How long something is waited for that has not come before.
    package var patience = Patience.full
    /// Whether a wait of Autobahn's takes the time that it takes there, without a Ping of ours.
    package var waitsAsAutobahn = false

    /// Whether the user waits as long as it takes, so that how late something comes says nothing.
    package var waitsForever: Bool { idleTimeout >= .forever }

    /// Creates settings; everything but the target has the default of the command line.
    package init(
        role: Role = .client,
        target: TargetURL,
        subprotocols: [String] = [],
        origin: String? = nil,
        headerFields: [HTTPField] = [],
        seed: UInt64 = 1,
        effort: Effort = .quick,
        idleTimeout: LinkDuration = .seconds(5)
    ) {
        self.role = role
        self.target = target
        self.subprotocols = subprotocols
        self.origin = origin
        self.headerFields = headerFields
        self.seed = seed
        self.effort = effort
        self.idleTimeout = idleTimeout
    }

    /// The seed of one conversation: a hash of the run's seed and the scenario, so that order and jobs do not matter.
    package func seed(of scenario: String) -> UInt64 { Self.seed(seed, of: scenario) }

    /// The Sec-WebSocket-Key with which we open a scenario's conversation.
    func key(of scenario: String) -> String {
        var streams = SplitMix64(seed: seed(of: scenario))
        var nonce = SplitMix64(seed: streams.next())
        let octets = ConversationMachine.octets(16, of: &nonce)
        return Base64.encode(octets.span)
    }

    /// The seed of a scenario in a run of this seed.
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
    /// A span that no run lasts: the limit of somebody who waits for as long as it takes.
    package static let forever = LinkDuration.seconds(31_536_000)
}

/// The times that decide how a conversation runs.
package enum Pacing {
    /// Between the writes of a frame that is cut into pieces, outside the load scenarios.
    ///
    /// Measured against wstest, whose event loop takes about as long between two writes.
    package static let betweenPieces = LinkDuration.microseconds(100)
    /// The silence after which one Ping may ask whether a violation was swallowed.
    package static let silence = LinkDuration.milliseconds(50)
    /// The same silence in round trips, for peers that are further away.
    package static let silenceInRoundTrips: Int64 = 5
    /// The silence behind a Pong that is none of a Ping's and may as well have come of the peer's own accord.
    package static let silenceAfterStrayPong = LinkDuration.milliseconds(500)
    /// The silence behind a Pong with other octets than its Ping, where nobody may be wrong about it.
    package static let silenceToMakeSure = LinkDuration.milliseconds(500)
    /// The silence after which time may have decided what came of a conversation.
    package static let noticeableSilence = LinkDuration.milliseconds(500)
    /// How long a wait of Autobahn's is.
    package static let autobahnWait = LinkDuration.seconds(1)
    /// How long to stay inside an unfinished frame at least.
    package static let quiesceAtLeast = LinkDuration.milliseconds(100)
    /// How many round trips on another connection have to pass meanwhile.
    package static let settleRoundTrips = 3
    /// How long a peer may take to answer a Close that was sent because we gave up.
    package static let replyAfterGivingUp = LinkDuration.seconds(1)
    /// How long a conversation that is no load may take in all: a peer that sends an octet now and then ends here.
    package static let wholeConversationInIdleTimeouts: Int64 = 6
    /// How many octets leave in one write at most, unless the scenario asks for larger ones.
    package static let chunkLength = 65_536
    /// How many octets a peer may send beyond four times what the scenario sends it.
    package static let floodAllowance = UInt64(Limits.flood.value)
    /// How late a timer may fire before the tester, not the peer, counts as asleep.
    package static let lateTimer = LinkDuration.milliseconds(250)
    /// How many Pings of the peer are answered one by one; then only the last of each read.
    package static let pingsAnsweredEach = 1000
    /// How many Pongs may wait for the end of a frame; the most recent ones do.
    package static let mostOwedPongs = Limits.owedPongs.value
    /// How many octets a client may send behind its request before it has been answered.
    package static let mostEarlyOctets = Limits.earlyOctets.value
    /// How much of a chopped message is cut into pieces at quick effort.
    package static let quickPieces = 65_536
}

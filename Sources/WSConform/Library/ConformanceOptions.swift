import WSScenario

/// How cases are played; the defaults are those of the command `wsconform`.
public struct ConformanceOptions: Sendable, Hashable {
    /// How much is sent; the same cases are played either way.
    public enum Effort: String, Sendable, Hashable, CaseIterable {
        /// Fewer messages in long loops; right for every commit.
        case quick
        /// The counts of Autobahn|Testsuite.
        case full
    }

    /// How many conversations may be under way at a time, 1 to 256; nil for four for each core, at most 16, and at most
    /// 4 with a target that is not this machine.
    public var jobs: Int?
    /// After how much silence a conversation is given up, at most a day; in all it may take six times as long.
    public var timeout: Duration
    /// How much is sent.
    public var effort: Effort
    /// The seed of masking keys, payloads and pieces; the same seed sends the same octets.
    public var seed: UInt64
    /// How many octets a compressed message of the peer may have inflated; the rest of it is not read.
    public var maximumMessage: Int
    /// The largest message that the peer accepts, in octets; nil to find it out where cases need it.
    public var peerLimit: Int?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - jobs: How many conversations may be under way at a time, 1 to 256; nil for the default.
    ///   - timeout: After how much silence a conversation is given up.
    ///   - effort: How much is sent.
    ///   - seed: The seed of masking keys, payloads and pieces.
    ///   - maximumMessage: How many octets a compressed message of the peer may have inflated.
    ///   - peerLimit: The largest message that the peer accepts, in octets; nil to find it out.
    public init(
        jobs: Int? = nil,
        timeout: Duration = .seconds(5),
        effort: Effort = .quick,
        seed: UInt64 = 1,
        maximumMessage: Int = 64 << 20,
        peerLimit: Int? = nil
    ) {
        self.jobs = jobs
        self.timeout = timeout
        self.effort = effort
        self.seed = seed
        self.maximumMessage = maximumMessage
        self.peerLimit = peerLimit
    }

    /// The sizes that make sense for a message.
    private static let sizes = 1...(1 << 30)

    /// The settings of a run.
    ///
    /// - Parameter out: The folder for its records.
    /// - Throws: ``ConformanceError`` of the kind `options`, for a value out of its range.
    /// - Returns: The settings.
    func settings(out: String) throws(ConformanceError) -> RunSettings {
        var settings = RunSettings(out: out)
        if let jobs, !(1...256).contains(jobs) {
            throw ConformanceError(.options, "jobs is \(jobs); give a number from 1 to 256")
        }
        let silence = SilenceLimit(seconds: timeout / .seconds(1))
        guard silence.isValid else {
            throw ConformanceError(
                .options,
                "timeout is \(timeout); give more than 0 and at most \(SilenceLimit.most) seconds"
            )
        }
        for (name, size) in [("maximumMessage", maximumMessage), ("peerLimit", peerLimit ?? 1)]
        where !Self.sizes.contains(size) {
            throw ConformanceError(.options, "\(name) is \(size); give a number of octets from 1 to \(1 << 30)")
        }
        settings.jobs = jobs ?? DefaultJobs.count
        settings.timeout = silence
        settings.effort = effort == .full ? .full : .quick
        settings.seed = seed
        settings.maximumMessage = maximumMessage
        settings.peerLimit = peerLimit
        return settings
    }
}

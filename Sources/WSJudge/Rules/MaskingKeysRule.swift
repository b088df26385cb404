import WSProtocol
import WSScenario

extension Judge {
    /// A client has to choose unpredictable masking keys (RFC 6455, 5.3); the rule finds obvious violations.
    ///
    /// The thresholds are such that good keys fail in fewer than one of 10⁹ conversations. Weaknesses that do not show
    /// as clearly are not found.
    static let maskingKeysRule = Rule(
        name: "masking-keys",
        requirements: ["RFC6455-5.3-02", "RFC6455-5.3-03", "RFC6455-5.3-04"],
        roles: [.client],
        part: .frames
    ) { subject in
        let keys = subject.timeline.maskingKeys
        guard let problem = MaskingKeyProblem(keys) else { return [] }
        return [
            Finding(
                rule: "masking-keys",
                axis: .behaviour,
                verdict: .fail,
                requirement: problem.requirement,
                reason: problem.sentence(count: keys.count),
                evidence: subject.firstFrames,
                key: problem.key
            )
        ]
    }
}

/// What can be wrong with the keys of a conversation.
enum MaskingKeyProblem: Sendable, Hashable {
    /// All are the same.
    case constant(UInt32)
    /// This many keys had come before.
    case repeated(Int)
    /// This many keys are zero.
    case zero(Int)
    /// Each key follows from the one before.
    case counted
    /// A bit is the same in nearly all keys; bit 31 is the first on the wire.
    case biased(bit: Int)

    /// Examines the keys in the order in which they came; nil if nothing is wrong with them.
    init?(_ keys: [UInt32]) {
        guard keys.count >= 4 else { return nil }
        let distinct = Set(keys).count
        let zeros = keys.count { $0 == 0 }
        if distinct == 1 {
            self = .constant(keys[0])
        } else if zeros >= 2 {
            self = .zero(zeros)
        } else if keys.count - distinct >= 3 {
            self = .repeated(keys.count - distinct)
        } else if Self.areCounted(keys) || Self.areCounted(keys.map(\.byteSwapped)) {
            self = .counted
        } else if let bit = Self.biasedBit(keys) {
            self = .biased(bit: bit)
        } else {
            return nil
        }
    }

    /// Whether the difference between neighbours, by subtraction or exclusive or, is constant or always small.
    private static func areCounted(_ keys: [UInt32]) -> Bool {
        let steps = zip(keys, keys.dropFirst()).map { $1 &- $0 }
        let changes = zip(keys, keys.dropFirst()).map { $1 ^ $0 }
        return Set(steps).count == 1 || Set(changes).count == 1
            || keys.count >= 6 && (steps.allSatisfy { $0 < 0x1_0000 } || steps.allSatisfy { 0 &- $0 < 0x1_0000 })
    }

    /// The bit that is set in far more or far fewer than half of the keys; nil if there is none.
    private static func biasedBit(_ keys: [UInt32]) -> Int? {
        guard keys.count >= 64 else { return nil }
        return (0..<32).first { bit in
            let ones = keys.count { $0 >> UInt32(bit) & 1 == 1 }
            // Eight standard deviations, each of which is half the square root of the number of keys.
            let distance = abs(2 * ones - keys.count)
            return distance * distance >= 64 * keys.count
        }
    }

    /// The requirement that this problem violates.
    var requirement: String {
        switch self {
        case .constant, .repeated: "RFC6455-5.3-02"
        case .counted: "RFC6455-5.3-04"
        case .zero, .biased: "RFC6455-5.3-03"
        }
    }

    /// What the client did, for its cause.
    var key: ReasonKey {
        switch self {
        case .constant: .maskingKeyConstant
        case .repeated: .maskingKeyRepeated
        case .zero: .maskingKeyZero
        case .counted: .maskingKeyCounted
        case .biased: .maskingKeyBiased
        }
    }

    /// The problem as a sentence about the client.
    func sentence(count: Int) -> String {
        switch self {
        case .constant(let key):
            "masked all of \(count) frames with the same key, \(hex(key)); each frame needs a fresh one"
        case .repeated(let times): "masked \(times) of \(count) frames with a key that it had used before"
        case .zero(let times): "masked \(times) of \(count) frames with a key of zeros, which masks nothing"
        case .counted: "each of \(count) masking keys follows from the one before"
        case .biased(let bit):
            "bit \(31 - bit) of \(count) masking keys is nearly always the same, so that their source is no strong one"
        }
    }

    private func hex(_ key: UInt32) -> String {
        let digits = String(key, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension Case {
    /// The octets of the first frames that came.
    fileprivate var firstFrames: [Evidence] {
        let frames = timeline.entries.lazy.compactMap { entry -> Evidence? in
            guard case .frame = entry.kind else { return nil }
            return entry.evidence
        }
        return Array(frames.prefix(4))
    }
}

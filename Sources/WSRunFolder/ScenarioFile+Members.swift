import WSKernels
import WSProtocol
import WSRunner
import WSScenario

extension ScenarioFile {
    /// What says whether a file is one at all.
    struct Envelope: Decodable {
        var schema: String
    }

    /// The member that another type reads.
    struct StimulusMembers: Decodable {
        var stimulus: StimulusText.Member
    }

    /// The other members of a file.
    struct Members: Codable {
        var schema: String
        var id: String
        var title: String
        var requirements: [String]
        var targets: [String]
        var needs: ApplicationNeed
        var behaviour: [OutcomeMembers<BehaviourMembers>]
        var closing: [OutcomeMembers<ClosingMembers>]

        /// The scenario; nil if an outcome is none that there is.
        func scenario(_ stimulus: Stimulus) -> Scenario? {
            let roles = targets.compactMap(Role.init(rawValue:))
            let behaviour = behaviour.compactMap(\.outcome)
            let closing = closing.compactMap(\.outcome)
            guard !roles.isEmpty, roles.count == targets.count, behaviour.count == self.behaviour.count,
                closing.count == self.closing.count
            else { return nil }
            return Scenario(
                id: id,
                title: title,
                requirements: requirements,
                targets: roles,
                needs: needs,
                purpose: .robustness,
                connections: stimulus.connections,
                scalingBaseline: stimulus.scalingBaseline,
                compression: stimulus.compression,
                security: stimulus.security,
                opening: stimulus.opening,
                script: stimulus.script,
                conclusion: stimulus.conclusion,
                behaviour: behaviour,
                closing: closing
            )
        }
    }

    /// The members that all outcomes have, except for the pattern.
    struct GradeMembers: Codable {
        var grade: Grade
        var reason: String?
        var requirement: String?
        var role: String?
        var key: ReasonKey?

        init(_ outcome: Outcome<some Sendable & Hashable & Codable>) {
            grade = outcome.grade
            reason = outcome.reason.isEmpty ? nil : outcome.reason
            requirement = outcome.requirement
            role = outcome.role?.rawValue
            key = outcome.key
        }

        /// The outcome with a pattern; nil if its role is none.
        func outcome<Pattern>(_ pattern: Pattern) -> Outcome<Pattern>? {
            var outcome = Outcome.conforms(pattern)
            outcome.grade = grade
            outcome.reason = reason ?? ""
            outcome.requirement = requirement
            outcome.key = key
            guard let role else { return outcome }
            guard let of = Role(rawValue: role) else { return nil }
            return outcome.of(of)
        }
    }

    /// An outcome: the members of its grade and those of its pattern, beside each other.
    struct OutcomeMembers<Pattern: PatternMembers>: Codable {
        var grading: GradeMembers
        var pattern: Pattern

        /// The members; nil if files have no such pattern.
        init?(_ outcome: Outcome<Pattern.Value>) {
            guard let pattern = Pattern(outcome.pattern) else { return nil }
            grading = GradeMembers(outcome)
            self.pattern = pattern
        }

        /// The outcome; nil if there is no such role or pattern.
        var outcome: Outcome<Pattern.Value>? { pattern.value.flatMap { grading.outcome($0) } }

        func encode(to encoder: any Encoder) throws {
            try grading.encode(to: encoder)
            try pattern.encode(to: encoder)
        }

        init(from decoder: any Decoder) throws {
            grading = try GradeMembers(from: decoder)
            pattern = try Pattern(from: decoder)
        }
    }

    /// The members of a pattern.
    protocol PatternMembers: Codable {
        /// The pattern that they describe.
        associatedtype Value: Sendable, Hashable, Codable

        /// The members; nil if files have no such pattern.
        init?(_ pattern: Value)

        /// The pattern; nil if there is none of this kind.
        var value: Value? { get }
    }

    /// What a peer does.
    struct BehaviourMembers: PatternMembers {
        var kind: String
        var events: [EventMembers]?
        var statuses: [Int]?
        var inOrder: Bool?

        init?(_ pattern: BehaviourPattern) {
            var listed: [ExpectedEvent]?
            switch pattern {
            case .events(let all): (kind, listed) = ("events", all)
            case .pongsAhead(let all): (kind, listed) = ("pongs-ahead", all)
            case .anyOrder(let all): (kind, listed) = ("any-order", all)
            case .someOf(let all): (kind, listed) = ("some-of", all)
            case .withoutEarlierPongs(let all, let inOrder):
                (kind, listed) = ("without-earlier-pongs", all)
                self.inOrder = inOrder
            case .refused(let statuses): (kind, self.statuses) = ("refused", statuses)
            case .refusedAndClosed(let statuses): (kind, self.statuses) = ("refused-and-closed", statuses)
            case .unanswered: kind = "unanswered"
            case .notHTTP: kind = "not-http"
            case .accepted: kind = "accepted"
            case .declinedByClose: kind = "declined-by-close"
            case .anything: kind = "anything"
            case .unsecured, .failsHandshake, .neverConnects, .agreesToCompression, .resetsStream, .endsConnection:
                return nil
            }
            events = listed?.compactMap { EventMembers($0) }
            guard events?.count == listed?.count else { return nil }
        }

        /// The pattern; nil if there is none of this kind.
        var value: BehaviourPattern? {
            let listed = events?.compactMap(\.event)
            guard listed?.count == events?.count else { return nil }
            return switch kind {
            case "events": listed.map { .events($0) }
            case "pongs-ahead": listed.map { .pongsAhead($0) }
            case "any-order": listed.map { .anyOrder($0) }
            case "some-of": listed.map { .someOf($0) }
            case "without-earlier-pongs": listed.map { .withoutEarlierPongs($0, inOrder: inOrder ?? true) }
            case "refused": .refused(statuses: statuses)
            case "refused-and-closed": .refusedAndClosed(statuses: statuses)
            case "unanswered": .unanswered
            case "not-http": .notHTTP
            case "accepted": .accepted
            case "declined-by-close": .declinedByClose
            case "anything": .anything
            default: nil
            }
        }
    }

    /// An event that a peer sends.
    struct EventMembers: Codable {
        var kind: String
        var opcode: UInt8?
        var hex: String

        init?(_ event: ExpectedEvent) {
            switch event {
            case .message(let opcode, let payload):
                (kind, self.opcode, hex) = ("message", opcode.rawValue, Hex.encode(payload.octets))
            case .pong(let payload): (kind, hex) = ("pong", Hex.encode(payload.octets))
            case .stillOpen, .echoes, .numberedPongs: return nil
            }
        }

        /// The event; nil if there is none of this kind.
        var event: ExpectedEvent? {
            guard let octets = Hex.decode(hex) else { return nil }
            switch (kind, opcode) {
            case ("message", let code?) where code == 1 || code == 2:
                return .message(Opcode(rawValue: code), .octets(octets))
            case ("pong", nil): return .pong(.octets(octets))
            default: return nil
            }
        }
    }

    /// How the connection ends.
    struct ClosingMembers: PatternMembers {
        var kind: String
        var codes: [UInt16]?

        init(_ pattern: ClosingPattern) {
            switch pattern {
            case .peerCloses(let codes): (kind, self.codes) = ("peer-closes", codes)
            case .peerDrops: kind = "peer-drops"
            case .peerReplies(let codes): (kind, self.codes) = ("peer-replies", codes)
            case .peerDropsAfterOurClose: kind = "peer-drops-after-our-close"
            case .staysOpen: kind = "stays-open"
            case .anything: kind = "anything"
            }
        }

        /// The pattern; nil if there is none of this kind.
        var value: ClosingPattern? {
            switch kind {
            case "peer-closes": .peerCloses(codes: codes)
            case "peer-drops": .peerDrops
            case "peer-replies": .peerReplies(codes: codes)
            case "peer-drops-after-our-close": .peerDropsAfterOurClose
            case "stays-open": .staysOpen
            case "anything": .anything
            default: nil
            }
        }
    }
}

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
        var behaviour: [BehaviourMembers]
        var closing: [ClosingMembers]

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
            var outcome: Outcome<Pattern>
            switch grade {
            case .conforms: outcome = .conforms(pattern)
            case .informational: outcome = .informational(pattern, reason ?? "", cites: requirement)
            case .tolerated: outcome = .tolerated(pattern, reason ?? "", cites: requirement)
            case .violates: outcome = .violates(pattern, reason ?? "", cites: requirement)
            }
            outcome.reason = reason ?? ""
            outcome.requirement = requirement
            outcome.key = key
            guard let role else { return outcome }
            guard let of = Role(rawValue: role) else { return nil }
            return outcome.of(of)
        }
    }

    /// What a peer does.
    struct BehaviourMembers: Codable {
        var grading: GradeMembers
        var kind: String
        var events: [EventMembers]?
        var statuses: [Int]?
        var inOrder: Bool?

        init?(_ outcome: Outcome<BehaviourPattern>) {
            grading = GradeMembers(outcome)
            var listed: [ExpectedEvent]?
            switch outcome.pattern {
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
            case .unsecured, .failsHandshake, .neverConnects, .agreesToCompression: return nil
            }
            events = listed?.compactMap { EventMembers($0) }
            guard events?.count == listed?.count else { return nil }
        }

        /// The outcome; nil if there is none of this kind.
        var outcome: Outcome<BehaviourPattern>? {
            let listed = events?.compactMap(\.event)
            guard listed?.count == events?.count else { return nil }
            let pattern: BehaviourPattern? =
                switch kind {
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
            return pattern.flatMap { grading.outcome($0) }
        }

        private enum CodingKeys: CodingKey {
            case grading, kind, events, statuses, inOrder
        }

        func encode(to encoder: any Encoder) throws {
            try grading.encode(to: encoder)
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(kind, forKey: .kind)
            try values.encodeIfPresent(events, forKey: .events)
            try values.encodeIfPresent(statuses, forKey: .statuses)
            try values.encodeIfPresent(inOrder, forKey: .inOrder)
        }

        init(from decoder: any Decoder) throws {
            grading = try GradeMembers(from: decoder)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            kind = try values.decode(String.self, forKey: .kind)
            events = try values.decodeIfPresent([EventMembers].self, forKey: .events)
            statuses = try values.decodeIfPresent([Int].self, forKey: .statuses)
            inOrder = try values.decodeIfPresent(Bool.self, forKey: .inOrder)
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
    struct ClosingMembers: Codable {
        var grading: GradeMembers
        var kind: String
        var codes: [UInt16]?

        init(_ outcome: Outcome<ClosingPattern>) {
            grading = GradeMembers(outcome)
            switch outcome.pattern {
            case .peerCloses(let codes): (kind, self.codes) = ("peer-closes", codes)
            case .peerDrops: kind = "peer-drops"
            case .peerReplies(let codes): (kind, self.codes) = ("peer-replies", codes)
            case .peerDropsAfterOurClose: kind = "peer-drops-after-our-close"
            case .staysOpen: kind = "stays-open"
            case .anything: kind = "anything"
            }
        }

        /// The outcome; nil if there is none of this kind.
        var outcome: Outcome<ClosingPattern>? {
            let pattern: ClosingPattern? =
                switch kind {
                case "peer-closes": .peerCloses(codes: codes)
                case "peer-drops": .peerDrops
                case "peer-replies": .peerReplies(codes: codes)
                case "peer-drops-after-our-close": .peerDropsAfterOurClose
                case "stays-open": .staysOpen
                case "anything": .anything
                default: nil
                }
            return pattern.flatMap { grading.outcome($0) }
        }

        private enum CodingKeys: CodingKey {
            case kind, codes
        }

        func encode(to encoder: any Encoder) throws {
            try grading.encode(to: encoder)
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(kind, forKey: .kind)
            try values.encodeIfPresent(codes, forKey: .codes)
        }

        init(from decoder: any Decoder) throws {
            grading = try GradeMembers(from: decoder)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            kind = try values.decode(String.self, forKey: .kind)
            codes = try values.decodeIfPresent([UInt16].self, forKey: .codes)
        }
    }
}

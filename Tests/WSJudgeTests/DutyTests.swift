import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol

/// What a rule holds against a peer is a duty of that peer.
@Suite struct DutyTests {
    @Test(arguments: Role.allCases)
    func `a rule cites what binds the side under test`(_ role: Role) throws {
        for name in Judge.ruleNames(testing: role) {
            for id in try #require(Judge.requirements(ofRule: name, testing: role)) {
                let requirement = try #require(RequirementTable.shared.requirement(id), "\(name): \(id)")
                #expect(requirement.binds(role), "\(name) cites \(id)")
            }
        }
    }

    @Test(arguments: Role.allCases)
    func `what the peer sends is judged by what binds senders, its reaction by what binds receivers`(
        _ role: Role
    ) throws {
        // The closing is a reaction to our frames, and a Close frame of the peer's own.
        for name in Judge.ruleNames(testing: role) where name != "closing" {
            for id in try #require(Judge.requirements(ofRule: name, testing: role)) {
                let requirement = try #require(RequirementTable.shared.requirement(id), "\(name): \(id)")
                let other: Requirement.Duty = Self.ofWhatIsSent.contains(name) ? .receiver : .sender
                #expect(requirement.duty != other, "\(name) cites \(id)")
            }
        }
    }

    /// The rules that look at the form of what the peer sends.
    private static let ofWhatIsSent: Set = [
        "handshake", "stream-opening", "framing", "response-fields", "refusal", "extension-parameters", "version-list",
        "response-version", "request-line", "request-fields", "request-extensions", "masking-keys", "address",
        "nonce", "early-data", "no-request", "driver", "compressed-messages", "stream-request",
        "http2-frames", "http2-settings", "http2-streams", "http2-windows", "http2-messages",
    ]

    @Test
    func `a violation binds its sender one way and its receiver another`() async {
        await Sweep.each(of: ViolationRule.allCases) { rule in
            let sender = try #require(RequirementTable.shared.requirement(rule.requirement))
            let receiver = try #require(RequirementTable.shared.requirement(rule.requirementOfReceivers))
            #expect(sender.duty != .receiver)
            #expect(receiver.duty != .sender)
        }
    }
}

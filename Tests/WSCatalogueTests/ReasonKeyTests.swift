import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

@Suite("A reason key")
struct ReasonKeyTests {
    @Test func `is a word in kebab case that no other key has, with something to do about it`() {
        var words: Set<String> = []
        for key in ReasonKey.allCases {
            #expect(key.rawValue.wholeMatch(of: #/[a-z0-9]+(-[a-z0-9]+)*/#) != nil, "\(key)")
            #expect(words.insert(key.rawValue).inserted, "\(key)")
            #expect(!key.mend.isEmpty && key.mend.count <= 100 && !key.mend.hasSuffix("."), "\(key)")
            #expect(ReasonKey(slug: key.slug()) == key)
        }
    }

    @Test func `of a family has the name of the broken rule behind it, and is found again`() {
        let kinds: [(ReasonKey, [String])] = [
            (.sent, ViolationRule.allCases.map(\.rawValue) + ["http-response"]),
            (.handshake, HandshakeRule.allCases.map(\.rawValue)), (.http, HTTPRule.allCases.map(\.rawValue)),
        ]
        let plain = Set(ReasonKey.allCases.map(\.rawValue))
        for (key, names) in kinds {
            #expect(key.isFamily)
            for name in names {
                let slug = key.slug(name)
                #expect(slug.wholeMatch(of: #/[a-z0-9]+(-[a-z0-9]+)*/#) != nil, "\(slug)")
                #expect(!plain.contains(slug), "\(slug)")
                #expect(ReasonKey(slug: slug) == key, "\(slug)")
            }
        }
        #expect(ReasonKey(slug: "of-another-version") == nil)
        #expect(ReasonKey.noEcho.slug("kind") == "no-echo")
    }

    /// Two sentences with one requirement and one key are one cause; whether both are mended in one way is looked at.
    @Test func `that outcomes share with their requirement is mended in one way`() {
        var sentences: [String: Set<String>] = [:]
        for scenario in Catalogue.all {
            for role in scenario.targets {
                let tested = scenario.testing(role)
                for outcome in tested.behaviour where outcome.grade == .violates || outcome.grade == .tolerated {
                    let line = Self.line(role, outcome, "\(Self.kind(outcome.pattern))", tested)
                    sentences[line, default: []].insert(outcome.reason.replacing(#/[0-9]{3,}/#, with: "N"))
                }
                for outcome in tested.closing where outcome.grade == .violates || outcome.grade == .tolerated {
                    let line = Self.line(role, outcome, "\(Self.kind(outcome.pattern))", tested)
                    sentences[line, default: []].insert(outcome.reason.replacing(#/[0-9]{3,}/#, with: "N"))
                }
            }
        }
        let shared = sentences.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        let text = shared.map { line, sentences in
            ([line] + sentences.sorted().map { "    \($0)" }).joined(separator: "\n")
        }
        #expect(Golden.difference(text.joined(separator: "\n") + "\n", from: "shared-reasons.txt") == nil)
    }

    private static func line<Pattern>(
        _ role: Role,
        _ outcome: Outcome<Pattern>,
        _ kind: String,
        _ scenario: Scenario
    ) -> String {
        let requirement = outcome.requirement ?? scenario.requirements.first ?? ""
        return "\(role.rawValue) \(requirement) \(outcome.key.map(\.rawValue) ?? "by what is seen: \(kind)")"
    }

    /// The name of a pattern without what it holds.
    private static func kind(_ pattern: some Any) -> String {
        String(String(describing: pattern).prefix { $0 != "(" })
    }
}

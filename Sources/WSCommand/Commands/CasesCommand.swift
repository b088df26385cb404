import ArgumentParser
import WSCatalogue
import WSProtocol
import WSScenario

/// The command `wsconform cases`.
struct CasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases",
        abstract: "Look at the cases.",
        discussion: """
            wsconform cases list 'closing/*'
            wsconform cases show 7.3.2
            """,
        subcommands: [List.self, Show.self, Coverage.self],
        defaultSubcommand: List.self
    )

    /// The command `wsconform cases list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List cases with their Autobahn numbers and titles.",
            discussion: """
                wsconform cases list
                wsconform cases list 'closing/*' --json
                """
        )

        @Argument(
            help: "Which ones: ids such as closing/*, tag:NAME, Autobahn's numbers such as 7.3.*, or requirements.",
            completion: .cases
        )
        var patterns: [String] = []

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let scenarios = try CaseLookup.scenarios(patterns)
            Console.out(json ? try CaseListText.json(scenarios) : CaseListText.table(scenarios))
        }
    }

    /// The command `wsconform cases show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a case sends, what may come back, and why; or a requirement with its cases.",
            discussion: """
                wsconform cases show closing/one-byte-payload
                wsconform cases show 7.3.2
                wsconform cases show RFC9110-15.5.22-01
                """
        )

        @Argument(help: "The case's id, its number in Autobahn, or the id of a requirement.", completion: .cases)
        var id: String

        func run() throws {
            if RequirementTable.looksLikeAnID(id) {
                return Console.out(RequirementText.describe(try CaseLookup.requirement(id)))
            }
            Console.out(ScenarioText.describe(try CaseLookup.scenario(id), in: .shared))
        }
    }

    /// The command `wsconform cases coverage`.
    struct Coverage: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which requirements have a case, and which are known to be caught when broken.",
            discussion: """
                wsconform cases coverage
                wsconform cases coverage --json
                """
        )

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let both = [WSCatalogue.Coverage.ofServers, .ofClients]
            if json { return Console.out(try CoverageText.json(both)) }
            let texts = both.map { "With a \($0.role.rawValue) under test:\n\n" + CoverageText.describe($0) }
            Console.out(texts.joined(separator: "\n"))
        }
    }
}

/// Finds the cases that the user names.
enum CaseLookup {
    /// The cases that runs with these patterns play, for either role under test; all cases without patterns.
    static func scenarios(_ patterns: [String]) throws -> [Scenario] {
        guard !patterns.isEmpty else { return Catalogue.all }
        var found: Set<String> = []
        var failure: SelectorError?
        for role in Role.allCases {
            do throws(SelectorError) {
                found.formUnion(try Selector.select(from: Catalogue.all, cases: patterns, role: role).map(\.id))
            } catch {
                failure = error
            }
        }
        if found.isEmpty, let failure { throw ValidationError("\(failure); wsconform cases list shows them all") }
        return Catalogue.all.filter { found.contains($0.id) }
    }

    /// The requirement with this id.
    static func requirement(_ id: String) throws -> Requirement {
        if let requirement = RequirementTable.shared.requirement(id) { return requirement }
        let near = Suggestions.nearest(RequirementTable.shared.all.map(\.id), to: id)
        let meant = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        throw ValidationError("no requirement is called '\(id)'\(meant)")
    }

    /// The scenario with this id or Autobahn number.
    static func scenario(_ name: String) throws -> Scenario {
        if let scenario = Catalogue.scenario(name) ?? Catalogue.all.first(where: { $0.autobahn?.number == name }) {
            return scenario
        }
        // The text names no case; the selection finds similar names for the message.
        let near = try scenarios([name]).prefix(3).map(\.id).joined(separator: ", ")
        throw ValidationError("'\(name)' names more than one case; show one of them, such as \(near)")
    }
}

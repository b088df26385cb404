import TestSupport
import Testing
import WSJudge
import WSProtocol

@Suite struct `Modules` {
    @Test func `The table lists exactly the folders of Sources`() throws {
        #expect(try Checkout.names(in: "Sources") == ModuleTable.all.map(\.name).sorted())
    }

    @Test
    func `A module imports only what the table allows`() async {
        await Sweep.each(of: ModuleTable.all) { module in
            for (imported, places) in try Checkout.imports(of: module.name) where !module.allowed.contains(imported) {
                Issue.record("\(module.name) must not know \(imported): \(places.joined(separator: ", "))")
            }
        }
    }

    @Test
    func `What one file may import stays in one file`() async {
        await Sweep.each(of: ModuleTable.all) { module in
            let imports = try Checkout.imports(of: module.name)
            for imported in module.inOneFile {
                let files = Set((imports[imported] ?? []).map { $0.prefix { $0 != ":" } }).sorted()
                #expect(files.count <= 1, "\(module.name) imports \(imported) in more than one file")
            }
        }
    }

    @Test
    func `No module imports all of Foundation`() async {
        await Sweep.each(of: ModuleTable.all) { module in
            #expect(module.allowed.isDisjoint(with: ModuleTable.forbidden))
            for (imported, places) in try Checkout.imports(of: module.name)
            where ModuleTable.forbidden.contains(imported) {
                Issue.record("FoundationEssentials has to do: \(places.joined(separator: ", "))")
            }
        }
    }

    @Test func `The table has each module below those that import it, so that no import closes a circle`() {
        var known: Set<String> = []
        let modules = Set(ModuleTable.all.map(\.name))
        for module in ModuleTable.all {
            let above = module.allowed.intersection(modules).subtracting(known)
            #expect(above.isEmpty, "\(module.name) stands above \(above.sorted().joined(separator: ", "))")
            known.insert(module.name)
        }
    }

    @Test
    func `The manifest gives a module what it imports and nothing else`() async {
        await Sweep.each(of: ModuleTable.all) { module in
            let manifest = Manifest(try Checkout.text("Package.swift"))
            let declared = try #require(
                manifest.dependencies[module.name],
                "Package.swift has no target \(module.name)"
            )
            let imported = Set(try Checkout.imports(of: module.name).keys).subtracting(ModuleTable.toolchain)
            let unused = declared.subtracting(imported)
            let missing = imported.subtracting(declared)
            #expect(unused.isEmpty, "\(module.name) depends on what no file of it imports")
            #expect(missing.isEmpty, "\(module.name) imports what Package.swift does not give it")
        }
    }

    @Test
    func `A module holds something`() async {
        await Sweep.each(of: ModuleTable.all) { module in
            let files = try Checkout.swiftFiles(below: "Sources/\(module.name)")
            #expect(try files.contains { SwiftText(try Checkout.text($0)).hasDeclaration })
        }
    }

    @Test
    func `A library module has an article that names the imports it may have`() async {
        await Sweep.each(of: ModuleTable.all.filter { !$0.isProgram }) { module in
            let path = "Sources/\(module.name)/\(module.name).docc/\(module.name).md"
            let lines = try Checkout.text(path).split(separator: "\n")
            #expect(lines.first == "# ``\(module.name)``")
            let sentence = try #require(
                lines.first { $0.hasPrefix("May import: ") },
                "\(path) has no line `May import: …`"
            )
            let named = sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { !$0.offset.isMultiple(of: 2) }
                .map { String($0.element) }
            #expect(Set(named) == module.allowed, "\(path) and the table differ")
        }
    }

    @Test func `The judge applies every rule, and the article on verdicts names it`() throws {
        let listed = Set(Judge.ruleNames(testing: .server) + Judge.ruleNames(testing: .client))
        let article = try Checkout.text("Sources/WSJudge/WSJudge.docc/Verdicts.md")
        let rules = try Checkout.swiftFiles(below: "Sources/WSJudge/Rules").flatMap { path in
            try Checkout.text(path).split(separator: "Rule(name: \"").dropFirst().map { $0.prefix { $0 != "\"" } }
        }
        #expect(!rules.isEmpty)
        for rule in rules {
            #expect(
                listed.contains(String(rule)),
                "the rule \(rule) is in no list of Sources/WSJudge/Judge.swift; add it"
            )
            #expect(article.contains("`\(rule)`"), "WSJudge.docc/Verdicts.md has no word about the rule \(rule)")
        }
    }
}

import Foundation
import Mutator

/// A copy of the checkout with mutated sources, and its build.
struct ScratchCopy {
    /// A module that is mutated.
    struct Module {
        let name: String
        /// The share of its mutants that has to be found.
        let wanted: Double
        /// What the names of the tests that have to find them begin with; what other tests find by chance is no proof.
        let tests: [String]
    }

    static let modules = [
        Module(name: "WSProtocol", wanted: 0.95, tests: ["WSProtocolTests.", "WSDeflateTests."]),
        Module(name: "WSDeflate", wanted: 0.95, tests: ["WSDeflateTests.", "WSProtocolTests."]),
        Module(
            name: "WSJudge",
            wanted: 0.90,
            // Of the matrix what the judge says of many conversations; its other tests take minutes each.
            tests: [
                "WSJudgeTests.", "MutationTests.JudgedConversationsTests", "MutationTests.DisturbedConversationsTests",
            ]
        ),
    ]

    /// The test targets that are built.
    static let tests = ["WSProtocolTests", "WSDeflateTests", "WSJudgeTests", "MutationTests"]

    /// The module that a mutant is in.
    static func module(of mutant: Mutant) -> Module? {
        modules.first { mutant.path.hasPrefix("Sources/\($0.name)/") }
    }

    let checkout: URL
    let folder: URL
    /// Every mutant that is in the build; its index is its number.
    private(set) var mutants: [Mutant] = []
    /// How many mutants had to be left out because the compiler does not take them, by path.
    private(set) var leftOut: [String: Int] = [:]

    /// Lines of whose mutants the compiler complained, by path.
    private var rejected: [String: Set<Int>] = [:]

    init(of checkout: URL, in folder: URL) {
        self.checkout = checkout
        self.folder = folder
    }

    /// The test program.
    var program: String { folder.appending(path: ".build/debug/wsconformPackageTests.xctest").path }

    // MARK: Files

    /// Copies what is needed and mutates the modules; a file that stays the same is not written.
    mutating func lay() throws {
        var wanted: Set<String> = []
        let manifest = try String(contentsOf: checkout.appending(path: "Package.swift"), encoding: .utf8)
        try write(Data((manifest + Self.manifest).utf8), to: "Package.swift", &wanted)
        let mutations = "Tests/Mutation/Sources/MutationSwitch/Mutants.swift"
        try write(contents(of: mutations), to: "Sources/MutationSwitch/Mutants.swift", &wanted)
        mutants = []
        leftOut = [:]
        for path in try paths() {
            let isMutated = path.hasSuffix(".swift") && Self.modules.contains { path.hasPrefix("Sources/\($0.name)/") }
            guard isMutated else {
                try write(contents(of: path), to: path, &wanted)
                continue
            }
            let source = String(decoding: try contents(of: path), as: UTF8.self)
            let lines = rejected[path] ?? []
            let mutated = MutatedSource(source, path: path, firstNumber: mutants.count) { lines.contains($0) }
            if !lines.isEmpty {
                let all = MutatedSource(source, path: path, firstNumber: 0).mutants.count
                leftOut[path] = all - mutated.mutants.count
            }
            mutants += mutated.mutants
            try write(Data(mutated.text.utf8), to: path, &wanted)
        }
        for path in try Self.paths(below: folder) where !wanted.contains(path) {
            try FileManager.default.removeItem(at: folder.appending(path: path))
        }
    }

    /// The files of the checkout that the copy has, in order.
    private func paths() throws -> [String] { try Self.paths(below: checkout) }

    private static func paths(below top: URL) throws -> [String] {
        var found: [String] = []
        for part in ["Sources", "Tests", "Vectors", "Fuzz"] {
            let below = FileManager.default.enumerator(atPath: top.appending(path: part).path)
            while let path = below?.nextObject() as? String {
                let isApart = path.split(separator: "/").contains { $0.hasPrefix(".") }
                let whole = "\(part)/\(path)"
                let isOther = ["Tests/Interop", "Tests/Mutation/", "Fuzz/Corpus", "Fuzz/Regressions"].contains {
                    whole.hasPrefix($0)
                }
                guard !isApart, !isOther else { continue }
                var isFolder: ObjCBool = false
                let file = top.appending(path: whole).path
                guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue
                else { continue }
                found.append(whole)
            }
        }
        return found.sorted()
    }

    private func contents(of path: String) throws -> Data { try Data(contentsOf: checkout.appending(path: path)) }

    private func write(_ data: Data, to path: String, _ wanted: inout Set<String>) throws {
        wanted.insert(path)
        let file = folder.appending(path: path)
        if let present = try? Data(contentsOf: file), present == data { return }
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    /// What follows the project's manifest: the tests of the mutated modules, and what these need.
    private static var manifest: String {
        """

        // Only what finds the mutants of three modules.
        let mutated = [\(modules.map { "\"\($0.name)\"" }.joined(separator: ", "))]
        var kept: Set<String> = ["MutationSwitch"]
        var open = [\(tests.map { "\"\($0)\"" }.joined(separator: ", "))]
        while let name = open.popLast() {
            guard kept.insert(name).inserted else { continue }
            for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
                if case .byNameItem(let name, _) = dependency { open.append(name) }
            }
        }
        package.products = []
        package.dependencies = []
        package.targets.removeAll { !kept.contains($0.name) }
        package.targets.append(.target(name: "MutationSwitch"))
        for target in package.targets where target.type != .system {
            target.swiftSettings = [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .enableUpcomingFeature("InferIsolatedConformances"),
                .unsafeFlags(["-O"]),
            ]
            if mutated.contains(target.name) { target.dependencies.append("MutationSwitch") }
        }

        """
    }

    // MARK: Building

    /// Builds the copy, and leaves out the mutants that the compiler rejects.
    mutating func build(_ say: (String) -> Void) throws {
        try recall()
        try lay()
        while true {
            let output = try Child.output(
                of: "/usr/bin/env",
                ["swift", "build", "--build-tests", "--package-path", folder.path],
                limit: .seconds(3600)
            )
            if output.status == 0 { break }
            let before = rejected
            note(output.text)
            guard rejected != before else {
                let line = output.text.split(separator: "\n").first { $0.contains("error:") } ?? "no error was printed"
                throw Trouble("the scratch copy in \(folder.path) cannot be built: \(line)")
            }
            let lines = rejected.values.reduce(0) { $0 + $1.count }
            say("the compiler rejects mutants on \(lines) lines so far; building again without these")
            try remember()
            try lay()
        }
    }

    /// Notes the lines that the compiler complains of, or the nearest ones above them that have mutants.
    private mutating func note(_ output: String) {
        let prefix = folder.path + "/"
        for line in output.split(separator: "\n") where line.hasPrefix(prefix) && line.contains(" error: ") {
            let parts = line.dropFirst(prefix.count).split(separator: ":", maxSplits: 2)
            guard parts.count == 3, let number = Int(parts[1]) else { continue }
            let path = String(parts[0])
            let candidates = mutants.lazy.filter { $0.path == path && $0.line <= number }.map(\.line)
            if let nearest = candidates.max() { rejected[path, default: []].insert(nearest) }
        }
    }

    /// The list of rejected lines beside the copy, valid while the sources stay the same.
    private var memory: URL { folder.appending(path: "rejected.tsv") }

    private func remember() throws {
        var text = ""
        for (path, lines) in rejected.sorted(by: { $0.key < $1.key }) {
            let length = try contents(of: path).hashed
            text += "\(path)\t\(length)\t\(lines.sorted().map(String.init).joined(separator: " "))\n"
        }
        try Data(text.utf8).write(to: memory)
    }

    /// Remembers the lines that the compiler rejected before.
    mutating func recall() throws {
        guard let text = try? String(contentsOf: memory, encoding: .utf8) else { return }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count == 3, try contents(of: parts[0]).hashed == parts[1] else { continue }
            rejected[parts[0]] = Set(parts[2].split(separator: " ").compactMap { Int($0) })
        }
    }
}

extension Data {
    /// A number that changes with the octets (FNV-1a).
    fileprivate var hashed: String {
        String(reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}

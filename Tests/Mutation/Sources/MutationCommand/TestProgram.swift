import Foundation
import Mutator

/// The tests of the scratch copy, one process for each use.
struct TestProgram {
    /// A test, and what it is good for.
    struct Test {
        let id: String
        var duration: Duration = .zero
        /// The mutants whose value would have differed while it ran.
        var seen: [Int] = []
    }

    let path: String

    /// How much address space a process may have: a mutant can make a loop that allocates without an end.
    private static let addressSpace = 6 << 20

    private func run(
        _ arguments: [String],
        environment: [String: String],
        limit: Duration,
        processorSeconds: Int? = nil,
        endingAt needle: String? = nil
    ) throws -> Child.Outcome {
        let time = processorSeconds.map { "ulimit -t \($0); " } ?? ""
        let limited = "ulimit -c 0; ulimit -v \(Self.addressSpace); \(time)exec \"$0\" \"$@\""
        return try Child.output(
            of: "/bin/sh",
            ["-c", limited, path, "--testing-library", "swift-testing"] + arguments,
            // A trap finds a mutant; its backtrace would take longer than the test, and outlive it.
            environment: environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 },
            limit: limit,
            endingAt: needle
        )
    }

    /// The names of all tests that count for a module.
    func list() throws -> [String] {
        let output = try run(["--list-tests"], environment: [:], limit: .seconds(120))
        let tests = output.text.split(separator: "\n").map(String.init)
            .filter { test in ScratchCopy.modules.contains { $0.tests.contains(where: test.hasPrefix) } }
        guard output.status == 0, !tests.isEmpty else {
            throw Trouble("\(path) lists no tests: \(output.text.prefix(200))")
        }
        return tests
    }

    /// Runs one test as it is, and says which mutants it could find.
    func record(_ id: String, mutants: Int) throws -> Test {
        let file = FileManager.default.temporaryDirectory.appending(path: "mutants-seen-\(UUID().uuidString)")
        try Data(count: mutants).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try run(
            Self.filter([id]),
            environment: ["WSCONFORM_MUTANTS_SEEN": file.path],
            limit: .seconds(600)
        )
        guard output.status == 0 else {
            throw Trouble("\(id) fails without a mutant; mend it first: \(output.text.suffix(400))")
        }
        guard output.text.contains("Test run with 1 test ") else {
            throw Trouble("\(id) cannot be selected by its name; give it another one")
        }
        let seen = try Data(contentsOf: file)
        return Test(id: id, duration: output.duration, seen: seen.indices.filter { seen[$0] != 0 })
    }

    /// Whether one of these tests fails with the mutant, by an expectation or a trap, or does not come to an end.
    func find(_ mutant: Int, by tests: [Test]) throws -> Round.Fate {
        let usual = tests.reduce(Duration.zero) { $0 + $1.duration }
        let output = try run(
            Self.filter(tests.map(\.id)),
            environment: ["WSCONFORM_MUTANT": "\(mutant)"],
            limit: .seconds(30) + usual * 8,
            // A loop without an end uses processor time, which other load of the machine does not use up.
            processorSeconds: 3 + Int(usual / .seconds(1)) * 4,
            endingAt: "recorded an issue"
        )
        let isEndless = output.isOverTime || [-SIGXCPU, -SIGKILL].contains(output.status) && !output.hasNeedle
        return isEndless ? .endless : output.status == 0 ? .survived : .found
    }

    /// The options that select these tests and no other.
    private static func filter(_ ids: [String]) -> [String] {
        ids.flatMap { id in
            let escaped = id.map { #"\^$.|?*+()[]{}"#.contains($0) ? "\\\($0)" : String($0) }.joined()
            return ["--filter", "^\(escaped)($|/)"]
        }
    }
}

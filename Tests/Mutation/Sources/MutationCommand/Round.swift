import Foundation
import Mutator
import Synchronization

/// A round over mutants: which test could find each of them, and whether one does.
struct Round {
    /// What became of a mutant.
    enum Fate: String, Sendable {
        case found
        /// Tests did not come to an end, which finds it, too.
        case endless
        /// Tests ran over it, and none noticed.
        case survived
        /// No test comes by where it makes a difference.
        case unreached

        /// Whether the tests found it.
        var isFound: Bool { self == .found || self == .endless }
    }

    let program: TestProgram
    /// All mutants of the build.
    let mutants: [Mutant]
    let jobs: Int
    let say: @Sendable (String) -> Void

    /// What each test could find.
    func record() throws -> [TestProgram.Test] {
        let ids = try program.list()
        say("recording which mutants each of \(ids.count) tests could find")
        return try inParallel(ids) { try program.record($0, mutants: mutants.count) }
    }

    /// Plays the mutants with these numbers, and passes on after every hundred what became of them.
    func play(
        _ numbers: [Int],
        _ tests: [TestProgram.Test],
        _ keep: ([(Int, Fate)]) throws -> Void
    ) throws -> [Int: Fate] {
        let able = tests.reduce(into: [Int: [TestProgram.Test]]()) { able, test in
            for number in test.seen where counts(test, for: mutants[number]) { able[number, default: []].append(test) }
        }
        var fates: [Int: Fate] = [:]
        for start in stride(from: 0, to: numbers.count, by: 100) {
            let part = try inParallel(Array(numbers.dropFirst(start).prefix(100))) { number in
                (number, try fate(of: number, able[number] ?? []))
            }
            try keep(part)
            fates.merge(part) { $1 }
            say("\(fates.count) of \(numbers.count) mutants, \(fates.values.count { $0.isFound }) found")
        }
        return fates
    }

    /// Whether a test has to find the mutants of this one's module.
    private func counts(_ test: TestProgram.Test, for mutant: Mutant) -> Bool {
        ScratchCopy.module(of: mutant)?.tests.contains(where: test.id.hasPrefix) ?? false
    }

    /// Runs the quickest and most particular tests first: a few of them find nearly all mutants.
    private func fate(of number: Int, _ tests: [TestProgram.Test]) throws -> Fate {
        var rest = tests.sorted { one, other in
            let steps = (Int(one.duration / .milliseconds(100)), Int(other.duration / .milliseconds(100)))
            return steps.0 != steps.1 ? steps.0 < steps.1 : one.seen.count < other.seen.count
        }[...]
        guard !rest.isEmpty else { return .unreached }
        var size = 4
        while !rest.isEmpty {
            let fate = try program.find(number, by: Array(rest.prefix(size)))
            if fate.isFound { return fate }
            rest = rest.dropFirst(size)
            size *= 6
        }
        return .survived
    }

    /// Maps in as many threads as there are jobs, and throws the first error.
    private func inParallel<Value: Sendable, Result: Sendable>(
        _ values: [Value],
        _ transform: @Sendable (Value) throws -> Result
    ) throws -> [Result] {
        let next = Atomic(0)
        let collected = Mutex<(results: [(Int, Result)], error: (any Error)?)>(([], nil))
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < values.count, collected.withLock({ $0.error == nil }) else { return }
                do {
                    let result = try transform(values[index])
                    collected.withLock { $0.results.append((index, result)) }
                } catch {
                    collected.withLock { $0.error = $0.error ?? error }
                }
            }
        }
        return try collected.withLock { collected in
            if let error = collected.error { throw error }
            return collected.results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

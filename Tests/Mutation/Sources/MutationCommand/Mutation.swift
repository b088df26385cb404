import ArgumentParser
import Foundation
import Mutator

/// Mutates the codec and the judge in a scratch copy, and says which mutants the tests do not find.
@main
struct Mutation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutation",
        abstract: "Say which mutants of the codec and the judge the tests do not find.",
        discussion: """
            All mutants are in one build of a scratch copy; the sources stay as they are.

              swift run --package-path Tests/Mutation mutation
              swift run --package-path Tests/Mutation mutation --module WSDeflate --again

            Exit status: 0 if each module has the score that is wanted, 1 if one has not, 2 if a round cannot be played.
            """
    )

    @Option(help: ArgumentHelp("Only this module; may be repeated.", valueName: "name"))
    var module: [String] = []

    @Flag(help: "Only those that survived the round before.")
    var again = false

    @Flag(help: "List the mutants and run nothing.")
    var list = false

    @Flag(help: "Write Reports/mutation.md from the rounds that were played so far, and run nothing.")
    var report = false

    @Option(help: ArgumentHelp("Only one of so many, always the same ones.", valueName: "count"))
    var every = 1

    @Option(help: ArgumentHelp("How many test processes run at once.", valueName: "count"))
    var jobs = 2

    func validate() throws {
        for name in module where !ScratchCopy.modules.contains(where: { $0.name == name }) {
            let names = ScratchCopy.modules.map(\.name).joined(separator: ", ")
            throw ValidationError("\(name) is not mutated; choose among \(names)")
        }
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs \(jobs): 1 to 64 are possible") }
        guard every > 0 else { throw ValidationError("--every \(every): 1 or more is possible") }
        guard !report || module.isEmpty else { throw ValidationError("--report is of all modules; leave --module out") }
    }

    func run() throws {
        do {
            try play()
        } catch let trouble as Trouble {
            FileHandle.standardError.write(Data("mutation: \(trouble)\n".utf8))
            throw ExitCode(2)
        }
    }

    private func play() throws {
        let checkout = URL(filePath: FileManager.default.currentDirectoryPath)
        guard FileManager.default.fileExists(atPath: checkout.appending(path: "Sources/WSProtocol").path) else {
            throw Trouble("there is no Sources/WSProtocol here; run it at the top of a checkout")
        }
        let say: @Sendable (String) -> Void = { text in
            FileHandle.standardError.write(Data("\(text)\n".utf8))
        }
        let clock = ContinuousClock()
        let start = clock.now
        var scratch = ScratchCopy(of: checkout, in: checkout.appending(path: ".build/mutation"))
        if list {
            try scratch.recall()
            try scratch.lay()
            for mutant in scratch.mutants where isWanted(mutant) { print("\(mutant.line)\t\(mutant.name)") }
            return
        }
        let equivalent = try EquivalentMutants(
            String(contentsOf: checkout.appending(path: EquivalentMutants.path), encoding: .utf8)
        )
        var memory = Memory(at: scratch.folder.appending(path: "fates.tsv"))
        if report {
            try scratch.recall()
            try scratch.lay()
            let outcome = self.outcome(scratch, equivalent) { memory.fate(of: $1) }
            try Data(outcome.page.utf8).write(to: checkout.appending(path: "Reports/mutation.md"))
            print(outcome.summary)
            return
        }
        say("building the scratch copy, which takes minutes")
        try scratch.build(say)
        for name in equivalent.unused(among: scratch.mutants) {
            say("warning: \(EquivalentMutants.path) names a mutant that there is not; take it out: \(name)")
        }
        let round = Round(
            program: TestProgram(path: scratch.program),
            mutants: scratch.mutants,
            jobs: jobs,
            say: say
        )
        let built = clock.now
        let tests = try round.record()
        let chosen = scratch.mutants.indices.filter { number in
            let mutant = scratch.mutants[number]
            return isWanted(mutant) && !(again && memory.fate(of: mutant)?.isFound == true)
        }
        say("playing \(chosen.count) mutants")
        let fates = try round.play(chosen, tests) { part in
            for (number, fate) in part { memory.note(fate, of: scratch.mutants[number]) }
            try memory.save()
        }
        let outcome = self.outcome(scratch, equivalent) { number, mutant in
            isWanted(mutant) ? fates[number] ?? memory.fate(of: mutant) : nil
        }
        print(outcome.survivors)
        print(outcome.summary)
        let end = clock.now
        print("built in \((built - start).components.seconds) s, played in \((end - built).components.seconds) s")
        if !outcome.scores.allSatisfy(\.isReached) { throw ExitCode(1) }
    }

    /// What became of the mutants whose fate is known.
    private func outcome(
        _ scratch: ScratchCopy,
        _ equivalent: EquivalentMutants,
        _ fate: (Int, Mutant) -> Round.Fate?
    ) -> Outcome {
        let rows = scratch.mutants.enumerated().compactMap { number, mutant in
            fate(number, mutant).map {
                Outcome.Row(mutant: mutant, fate: $0, excuse: equivalent.reason(for: mutant))
            }
        }
        return Outcome(rows: rows, total: scratch.mutants.count, leftOut: scratch.leftOut)
    }

    private func isWanted(_ mutant: Mutant) -> Bool {
        let isOfModule = module.isEmpty || module.contains { mutant.path.hasPrefix("Sources/\($0)/") }
        guard isOfModule else { return false }
        return mutant.name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % every == 0
    }
}

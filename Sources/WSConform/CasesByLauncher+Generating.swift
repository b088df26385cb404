import WSCatalogue
import WSControl
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Starts a client for each conversation of a source that has no list of them.
extension CasesByLauncher {
    /// The case of the plan as which the conversation of one of several clients at a time is played.
    ///
    /// A client asks for a case of the plan, and what is generated takes its place while it does.
    static func slot(_ number: Int) -> Scenario {
        var slot = Catalogue.Controls.echo
        slot.id = "fuzz/client-\(number)"
        return slot
    }

    /// After so many clients in a row that never connected, no more are started.
    private static let mostMissedInRow = 16

    /// Plays batches of a source until it has no more.
    ///
    /// - Returns: How the run ended; results are handed over, each of a batch before the next one begins.
    func run(from source: any ScenarioSource) async -> Ending {
        freeSlots = plan.scenarios
        let application = await learnApplication()
        if asksForCases { return .asksForCases }
        guard let application else {
            // An interrupted run has nothing to blame.
            return await absence().map { .neverConnected($0) } ?? .complete
        }
        var batch = await source.next(application)
        while !batch.scenarios.isEmpty, obstacle == nil, !Task.isCancelled {
            let isProbe = batch.isProbe
            _ = await each(of: batch.scenarios, jobs: plan.jobs) { scenario in
                if isProbe { await self.playProbe(scenario) } else { await self.play(scenario) }
            }
            if !Task.isCancelled { await confirmLate() }
            guard obstacle == nil, !Task.isCancelled else { break }
            batch = await source.next(application)
        }
        return obstacle.map { .troubled($0) } ?? .complete
    }

    /// Plays what is only tried; nothing is told of it that is not played once more.
    private func playProbe(_ scenario: Scenario) async {
        guard let played = await played(scenario) else { return }
        await deliver(played.result, of: played.play)
    }

    /// Learns whether the client connects, and whether it gives messages back.
    ///
    /// - Returns: Nil if it never connects.
    private func learnApplication() async -> ObservedApplication? {
        let control = Catalogue.Controls.echo
        while absences.count < Self.mostAbsences, obstacle == nil, !Task.isCancelled, !asksForCases {
            guard let course = await playOnce(control), !asksForCases else { continue }
            guard let played = course.result else {
                await noteMissing(course, control)
                continue
            }
            guard Judging.fallsShort(played.result) else { return ObservedApplication() }
            await session.say(
                "\(launcher.name) does not give a text back: what it answers to messages is not compared"
            )
            return ObservedApplication(text: .other, binary: .other, speaks: true)
        }
        return nil
    }

    /// Starts a client once for a case, or for what a source generated in place of one.
    ///
    /// - Returns: Nil if it could not be started, which was reported.
    func playOnce(_ scenario: Scenario) async -> Course? {
        guard let slot = freeSlots.popLast() else { return await playOnceAsPlanned(scenario) }
        defer { freeSlots.append(slot) }
        var made = scenario
        made.id = slot.id
        controlServer.setMade(made, for: slot.id)
        var course = await playOnceAsPlanned(made)
        controlServer.setMade(nil, for: slot.id)
        lastWords[scenario.id] = lastWords.removeValue(forKey: slot.id)
        course?.result?.result.scenario = scenario
        course?.result?.result.transcript?.header.scenario = scenario.id
        return course
    }

    /// Counts clients that never connect, and starts no more after many in a row.
    func noteMissedInRow(_ what: String) {
        missedInRow += 1
        guard plan.handle != nil, missedInRow >= Self.mostMissedInRow else { return }
        giveUp("\(launcher.name) \(what), as \(missedInRow) before it in a row; it connected until then")
    }
}

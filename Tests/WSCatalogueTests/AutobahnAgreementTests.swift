import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

@Suite struct AutobahnAgreementTests {
    @Test func `every case of sections 1 to 7, 9 and 10 has one scenario, in Autobahn's order`() {
        #expect(AutobahnFact.all.count == 301)
        let uncompressed = Catalogue.autobahnOrder.filter { $0.compression == nil }
        #expect(uncompressed.compactMap(\.autobahn?.number) == AutobahnFact.all.map(\.id))
    }

    @Test
    func `a scenario sends the octets of its Autobahn case, in the same writes`() async {
        await Sweep.each(of: AutobahnFact.all) { fact in
            let scenario = try scenario(fact)
            var script = try fact.script.map(\.canonical)
            // Its case asks for three writes; the first two frames leave its stack in one.
            if fact.id == "3.3" { script = joiningFirstTwo(script) }
            #expect(scenario.script.map(\.canonical) == script)
            #expect(scenario.opening == .ordinary)
            #expect(scenario.targets == [.client, .server])
        }
    }

    private func joiningFirstTwo(_ script: [Step]) -> [Step] {
        script.enumerated().map { index, step in
            guard index < 2, case .send(var frame) = step else { return step }
            #expect(frame.pacing == .separately)
            frame.pacing = .together
            return .send(frame)
        }
    }

    @Test
    func `a scenario carries the expectations of its Autobahn case`() async {
        await Sweep.each(of: AutobahnFact.all) { fact in
            let scenario = try scenario(fact)
            #expect(scenario.autobahn?.canonical == (try fact.autobahnCase.canonical))
        }
    }

    @Test
    func `the passing path is the list that Autobahn calls OK`() async {
        await Sweep.each(of: AutobahnFact.all) { fact in
            let scenario = try scenario(fact)
            guard fact.informational != true else { return }
            let list = try #require(fact.expected.first { $0.outcome == "OK" }).events.map {
                try $0.event(of: fact.steps).canonical
            }
            #expect(scenario.expectedEvents.map(\.canonical) == list)
            // Echoes need an application; Pongs and waits do not.
            let needsEcho = list.contains { event in
                switch event {
                case .message, .echoes: true
                case .pong, .numberedPongs, .stillOpen: false
                }
            }
            #expect(scenario.needs == (needsEcho ? .echo : .nothing))
        }
    }

    @Test
    func `a conversation is concluded by the side that closes in Autobahn`() async {
        await Sweep.each(of: AutobahnFact.all) { fact in
            let scenario = try scenario(fact)
            let startsByItself = scenario.script.contains { step in
                if case .startClosingHandshake = step { true } else { false }
            }
            switch scenario.conclusion {
            case .closeWhenComplete: #expect(fact.closedByMe && !startsByItself)
            case .awaitEnd: #expect(fact.closedByMe && startsByItself)
            case .peerFails(let lateBarrier):
                #expect(!fact.closedByMe && !startsByItself)
                // Where something is to be answered before the violation, pacing decides; inside 6.4 the waits do.
                #expect(lateBarrier == (fact.expected.count == 1))
            }
        }
    }

    @Test func `load cases are under limits, those of compression with their own, and no others`() {
        for scenario in Catalogue.autobahnOrder {
            let isLoad = ["9.", "12.", "13."].contains { scenario.autobahn?.number.hasPrefix($0) ?? false }
            #expect(scenario.isLoad == isLoad, "\(scenario.id)")
        }
    }

    private func scenario(_ fact: AutobahnFact) throws -> Scenario {
        try #require(Catalogue.all.first { $0.autobahn?.number == fact.id })
    }
}

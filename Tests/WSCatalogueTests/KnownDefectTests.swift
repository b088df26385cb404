import TestSupport
import Testing
import WSCatalogue
import WSScenario

@Suite struct KnownDefectTests {
    @Test
    func `a reference is one that anybody can look up, once per scenario`() async {
        await Sweep.each(of: Catalogue.all.filter { !$0.references.isEmpty }) { scenario in
            let references = scenario.references.map(\.reference)
            #expect(Set(references).count == references.count)
            for defect in scenario.references {
                #expect(Self.isWellFormed(defect.reference), "\(defect.reference)")
                #expect(!defect.project.isEmpty && defect.project == defect.project.trimmed, "\(defect.project)")
            }
        }
    }

    @Test
    func `a reference says what it is about, and that is what the scenario can find`() async {
        await Sweep.each(of: Catalogue.all.filter { !$0.references.isEmpty }) { scenario in
            let found = Set(scenario.targets.flatMap { scenario.testing($0).citedRequirements })
                // What rules over every conversation find.
                .union([
                    "RFC6455-10.7-01", "RFC6455-7.1.7-05", "RFC6455-5.5.1-12", "RFC6455-4.2.2-10", "RFC6455-4.2.2-13",
                    "RFC6455-11.3.3-01",
                ])
            for defect in scenario.references {
                #expect(!defect.about.isEmpty)
                #expect(found.isSuperset(of: defect.about), "\(defect.text): \(defect.about)")
                #expect(!defect.isAbout("RFC6455-7.1.7-03") || scenario.id.hasPrefix("closing/"), "\(defect.text)")
            }
        }
    }

    @Test func `a reference is about one of the ways in which a scenario can fail, not about all of them`() throws {
        let legal = try #require(Catalogue.scenario("defect/empty-message-between-two"))
        #expect(legal.references.allSatisfy { $0.isAbout("RFC6455-6.2-01") && !$0.isAbout("RFC6455-5.5.1-07") })
        let illegal = try #require(Catalogue.scenario("reserved-bits/rsv3-text"))
        #expect(illegal.references.allSatisfy { $0.isAbout("RFC6455-7.1.7-05") && !$0.isAbout("RFC6455-7.1.7-03") })
        // That a handshake of another protocol was accepted was reported, not how it was refused.
        let handshake = try #require(Catalogue.scenario("handshake/request/upgrade-h2c"))
        #expect(handshake.references.allSatisfy { !$0.isAbout("RFC6455-10.7-04") })
        // A crash is what an advisory is about, whatever the text says of the stimulus.
        let overflow = try #require(Catalogue.scenario("length/all-bits-set"))
        let advisory = try #require(overflow.references.first { $0.reference == "CVE-2020-13935" })
        #expect(advisory.isAbout("RFC6455-10.7-01"))
    }

    @Test func `a scenario that stands for a known defect says which, and no other topic does`() {
        let known = Catalogue.all.filter(\.isRegression)
        #expect(known.count > 40)
        #expect(known.filter(\.references.isEmpty).map(\.id) == [])
        for scenario in Catalogue.all {
            #expect(scenario.id.hasPrefix("defect/") == scenario.isRegression, "\(scenario.id)")
            #expect(scenario.id.hasPrefix("robustness/") == (scenario.purpose == .robustness), "\(scenario.id)")
        }
    }

    @Test func `every row names scenarios that there are, each once, and none under defect`() {
        for row in Catalogue.knownDefects {
            #expect(!row.defects.isEmpty && !row.scenarios.isEmpty)
            #expect(Set(row.scenarios).count == row.scenarios.count)
            for id in row.scenarios {
                #expect(Catalogue.scenario(id) != nil, "\(id)")
                // What has a file of its own has its references there.
                #expect(Catalogue.scenario(id)?.isRegression == false, "\(id)")
            }
        }
    }

    @Test func `every reference of a row is on its scenarios`() {
        for row in Catalogue.knownDefects {
            for id in row.scenarios {
                let there = Set(Catalogue.scenario(id)?.references.map(\.text) ?? [])
                #expect(there.isSuperset(of: row.defects.map(\.text)), "\(id)")
            }
        }
    }

    @Test(arguments: [
        ("apple/swift-nio#3603", true), ("websockets/ws@e55e5106", true), ("mtrudel/bandit@1.11.0", true),
        ("CVE-2020-13935", true), ("GHSA-rhh8-5xw9-c3gm", true), ("RUSTSEC-2020-0043", true),
        ("PYSEC-2019-170", true), ("GO-2020-0019", true), ("OSV-2021-1727", true),
        ("#3603", false), ("swift-nio#3603", false), ("websockets/ws@main", false), ("CVE-2020", false),
        ("apple/swift-nio#", false), ("https://example.org/1", false), ("a/b/c#1", false), ("", false),
    ])
    func `what is well-formed`(reference: String, isWellFormed: Bool) {
        #expect(Self.isWellFormed(reference) == isWellFormed)
    }

    /// An issue or change, a commit or version of a repository, or the id of an advisory.
    private static func isWellFormed(_ reference: String) -> Bool {
        let forms = [
            #/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+#[1-9][0-9]*/#,
            #/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+@(?:[0-9a-f]{7,40}|[0-9]+(?:\.[0-9]+)+)/#,
            #/CVE-[0-9]{4}-[0-9]{4,}/#, #/(?:RUSTSEC|PYSEC|GO|OSV)-[0-9]{4}-[0-9]+/#,
            #/GHSA(?:-[0-9a-z]{4}){3}/#,
        ]
        return forms.contains { reference.wholeMatch(of: $0) != nil }
    }

    @Test
    func `what needs many connections or much time is run only when asked for`() async {
        await Sweep.each(
            of: Catalogue.all.filter {
                $0.connections > 50 || $0.scalingBaseline != nil || $0.plannedMilliseconds > 2_000
            }
        ) { scenario in
            #expect(scenario.tags.contains(.slow))
        }
    }

    @Test(arguments: Catalogue.all.filter { $0.connections > 1 || $0.scalingBaseline != nil })
    func `what opens many connections to its target, or measures it, has it to itself`(_ scenario: Scenario) {
        #expect(scenario.runsAlone || scenario.supervision != nil)
        #expect(!scenario.isLoad)
    }

    @Test(arguments: Catalogue.all.filter { $0.scalingBaseline != nil })
    func `a measured scenario fails nobody by its time, and its half differs from it`(_ scenario: Scenario) throws {
        let half = try #require(scenario.scalingBaseline)
        #expect(half.script != scenario.script || half.opening != scenario.opening)
        #expect(!(scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)).contains(.violates))
    }

    @Test(arguments: Catalogue.all.filter { $0.supervision != nil })
    func `a bound on memory is far above what the scenario sends on each connection legally`(
        _ scenario: Scenario
    ) throws {
        let growth = try #require(scenario.supervision?.memoryGrowth)
        #expect(growth >= 32 << 20)
        #expect(scenario.tags.contains(.slow) && scenario.tags.contains(.robustness))
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

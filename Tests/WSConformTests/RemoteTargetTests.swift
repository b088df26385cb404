import Testing
import WSConform
import WSProtocol
import WSReport
import WSScenario

@Suite struct `A target that is not this machine` {
    @Test func `Gets no case of many megabytes unless patterns ask for some, and that is told`() throws {
        var selection = CaseSelection()
        let all = try selection.scenarios(for: .server, over: .tcp)
        selection.sparesTarget = true
        let few = try selection.scenarios(for: .server, over: .tcp)
        let left = Set(all.map(\.id)).subtracting(few.map(\.id))
        #expect(left.count > 10 && left.allSatisfy { $0.hasPrefix("limits/") })
        #expect(left.contains("limits/text/4-mebibytes") && !left.contains("limits/text/1-mebibyte"))
        let told = selection.leftOut(for: .server, over: .tcp).first { $0.why == Report.LeftOut.large }
        #expect(told?.cases == left.count && told?.option == "--cases 'limits/*'" && told?.isUnselected == true)
        selection.cases = ["limits/*"]
        let asked = try selection.scenarios(for: .server, over: .tcp)
        #expect(left.isSubset(of: asked.map(\.id)))
        #expect(!selection.leftOut(for: .server, over: .tcp).contains { $0.why == Report.LeftOut.large })
    }
}

package import WSScenario

/// The cases that there are for clients under test, in their order, and the numbers by which drivers ask for them.
///
/// A driver that was written for Autobahn's interface asks how many cases there are and then for each by its number.
/// The first ``countedCases`` are those that any such driver can play; the others follow.
package struct ClientPlan: Sendable {
    /// The cases, in the order of their numbers.
    package let scenarios: [Scenario]
    /// How many of them, from the first on, the answer to "how many cases?" counts.
    package let countedCases: Int

    private let numbers: [String: Int]

    /// Puts a plan together.
    ///
    /// - Parameters:
    ///   - counted: the cases that every driver can play.
    ///   - others: what only a driver can play that asks for it.
    package init(counted: [Scenario], others: [Scenario] = []) {
        scenarios = counted + others
        countedCases = counted.count
        var numbers: [String: Int] = [:]
        for (index, scenario) in scenarios.enumerated() { numbers[scenario.id] = index + 1 }
        // An id of ours goes before a number of Autobahn's, and the first before a second.
        for (index, scenario) in scenarios.enumerated() {
            if let number = scenario.autobahn?.number, numbers[number] == nil { numbers[number] = index + 1 }
        }
        self.numbers = numbers
    }

    /// The case with a number, counted from 1.
    package func scenario(number: Int) -> Scenario? {
        // Nothing is taken from a number that may be the least there is.
        number >= 1 && number <= scenarios.count ? scenarios[number - 1] : nil
    }

    /// The case with an id, ours or Autobahn's.
    package func scenario(named name: String) -> Scenario? {
        numbers[name].map { scenarios[$0 - 1] }
    }

    /// The number of a case; nil for one that is not in the plan.
    package func number(of id: String) -> Int? { numbers[id] }
}

package import WSScenario

/// The cases for clients under test, in their order, and the numbers by which drivers ask for them.
///
/// A driver for Autobahn's interface asks how many cases there are, and then for each by its number. The first
/// ``countedCases`` are those that every such driver can play; the others follow.
package struct ClientPlan: Sendable {
    /// The cases, in the order of their numbers.
    package let scenarios: [Scenario]
    /// How many cases a driver is told of; they are the first ones.
    package let countedCases: Int

    /// Whether a case is left out for the client of this name, which is told of it nevertheless.
    package var isLeftOut: @Sendable (Scenario, String) -> Bool = { _, _ in false }

    private let numbers: [String: Int]

    /// Creates a plan.
    ///
    /// - Parameters:
    ///   - counted: The cases that every driver can play.
    ///   - others: The cases that need a driver written for them.
    package init(counted: [Scenario], others: [Scenario] = []) {
        scenarios = counted + others
        countedCases = counted.count
        var numbers: [String: Int] = [:]
        for (index, scenario) in scenarios.enumerated() { numbers[scenario.id] = index + 1 }
        // An id goes before an Autobahn number, and the first of two equal numbers before the second.
        for (index, scenario) in scenarios.enumerated() {
            if let number = scenario.autobahn?.number, numbers[number] == nil { numbers[number] = index + 1 }
        }
        self.numbers = numbers
    }

    /// The case with this number; numbers begin at 1.
    package func scenario(number: Int) -> Scenario? {
        // The check comes first, because subtracting from the least integer would overflow.
        number >= 1 && number <= scenarios.count ? scenarios[number - 1] : nil
    }

    /// The case with this id or Autobahn number.
    package func scenario(named name: String) -> Scenario? {
        numbers[name].map { scenarios[$0 - 1] }
    }

    /// The number of a case; nil if it is not in the plan.
    package func number(of id: String) -> Int? { numbers[id] }
}

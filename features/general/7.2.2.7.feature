@sut:server
Feature: Users are added to the sessions of Pre-defined Groups

  Rule: Only those whom the group lets do it add users (7.2.2.7)

    @7.2.2.7-1 @7.2.2.7-2
    Scenario: a member who may add others adds one who may take part
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule          | value | for |
        | join-handling | true  | Ted |
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session
      Then Ted is invited

    @7.2.2.7-1
    Scenario: a member who may not add others
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule                           | value | for |
        | join-handling                  | true  | Ted |
        | allow-invite-users-dynamically | false | Bob |
      And a running session of the group Friends, with Alice and Bob
      When Bob adds Ted to the session
      Then Ted is not invited

  Rule: Only who may be a participant is added (7.2.2.7)

    @7.2.2.7-2
    Scenario: a user whom the rules do not let in
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session
      Then Ted is not invited

    @7.2.2.7-2
    Scenario: one of two users may take part
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Carol and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule          | value | for |
        | join-handling | true  | Ted |
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Carol and Ted to the session
      Then Ted is invited
      And Carol is not invited

    @7.2.2.7-2 @7.2.2.7-3
    Scenario: a user who is too young
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value   | for |
        | age-restrictions | from 18 |     |
        | join-handling    | true    | Ted |
      And Alice is 30 years old
      And Bob is 40 years old
      And Ted is 15 years old
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session
      Then Ted is not invited

    @7.2.2.7-2 @7.2.2.7-3
    Scenario: a user who is old enough
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value   | for |
        | age-restrictions | from 18 |     |
        | join-handling    | true    | Ted |
      And Alice is 30 years old
      And Bob is 40 years old
      And Ted is 18 years old
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session
      Then Ted is invited

    @7.2.2.7-3 @7.2.2.7-4
    Scenario: a user of another domain
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value   | for  |
        | age-restrictions | from 18 |      |
        | join-handling    | true    | Vera |
      And Alice is 30 years old
      And Bob is 40 years old
      And Vera is 30 years old
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Vera to the session
      Then Vera is invited
